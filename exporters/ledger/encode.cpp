#include "exporters/ledger/encode.h"

#include <algorithm>

#include <simdjson.h>

#include "exporters/ledger/codec.h"
#include "exporters/ledger/record_factory.h"

namespace smokeledger::exporters::ledger {
namespace {

using core::JsonWriter;
using core::word;

void write_stamp(JsonWriter& json, const std::optional<core::Stamp>& stamp) {
  if (!stamp) {
    json.null();
    return;
  }
  json.begin_object();
  json.key("at").string(core::format_utc(stamp->wall));
  json.key("boot_id").string(stamp->boot_id);
  json.key("boot_ms").integer(stamp->boot.time_since_epoch().count());
  json.end_object();
}

// {"smokeledger_outcomes_total":[["chat_completions","comet","walk","2xx",12]]}: label values in
// the counter's order, then the count.
void write_tally(JsonWriter& json, const core::Tally& tally) {
  json.begin_object();
  for (auto entry = tally.begin(); entry != tally.end();) {
    const core::Counter counter = entry->first.counter;
    json.key(word(counter)).begin_array();
    for (; entry != tally.end() && entry->first.counter == counter; ++entry) {
      const auto& labels = entry->first.labels;
      const auto used = std::find_if(
          labels.rbegin(), labels.rend(), [](const auto& label) { return !label.empty(); });
      json.begin_array();
      for (auto label = labels.begin(); label != used.base(); ++label) json.string(*label);
      json.integer(entry->second).end_array();
    }
    json.end_array();
  }
  json.end_object();
}

void write_open_run(JsonWriter& json, const std::optional<core::OpenRun>& run) {
  if (!run) {
    json.null();
    return;
  }
  json.begin_object();
  json.key("last").begin_object();
  write_attempt_fields(json, run->last);
  json.end_object();
  json.key("judged").begin_array();
  for (const auto& attempt : run->judged) write_attempt(json, attempt);
  json.end_array().key("tokens_reserved").begin_array();
  for (const auto& tokens : run->tokens_reserved) tokens ? json.integer(*tokens) : json.null();
  json.end_array().end_object();
}

class Payload {
 public:
  Payload(JsonWriter& json, const Envelope& envelope) : json_(json), envelope_(envelope) {}

  void operator()(const core::OpenLine& line) {
    json_.key("ledger").string(line.ledger);
    json_.key("nonce").string(line.nonce);
    json_.key("previous_segment").string(line.previous_segment);
    json_.key("build").string(line.build);
    json_.key("header_lines").integer(envelope_.header_lines);
    if (!line.behind_break) return;
    json_.key("break").begin_object().key("segment").string(line.behind_break->segment);
    json_.key("from_seq").integer(line.behind_break->from_seq);
    json_.key("sha256").string(line.behind_break->sha256);
    json_.key("what").string(line.behind_break->what).end_object();
  }
  void operator()(const core::AttemptLine& line) { write_attempt_fields(json_, line); }
  void operator()(const core::OutcomeLine& line) { write_outcome_fields(json_, line.outcome); }
  void operator()(const core::PolicyLine& line) {
    json_.key("probe").string(line.probe);
    json_.key("policy_sha256").string(line.policy_sha256);
    json_.key("policy").raw(line.policy);
  }
  void operator()(const core::CarryLine& line) { write_state_fields(json_, line.state); }
  void operator()(const core::CarryProviderLine& line) {
    json_.key("provider").string(line.provider);
    json_.key("reached").boolean(line.reached);
    json_.key("tried_at").string(core::format_utc(line.tried_at));
    json_.key("retry_tokens_spent_thousandths").integer(line.retry_tokens_spent);
  }
  void operator()(const core::SealLine& line) {
    if (line.recorded) {
      json_.key("earliest").string(core::format_utc(line.recorded->earliest));
      json_.key("latest").string(core::format_utc(line.recorded->latest));
    }
    if (line.reviews) json_.key("reviews").integer(*line.reviews);
  }
  void operator()(const core::ConfigLine& line) {
    json_.key("config_sha256").string(line.config_sha256);
    json_.key("changed").strings(line.changed);
    json_.key("changed_left_out").integer(line.changed_left_out);
  }
  void operator()(const core::RecoveredLine& line) {
    json_.key("dropped_bytes").integer(line.dropped_bytes);
    json_.key("dropped_sha256").string(line.dropped_sha256);
    json_.key("quarantine").string(line.quarantine);
  }
  void operator()(const core::ClockStepLine& line) { json_.key("step_ms").integer(line.step_ms); }
  void operator()(const core::ContractReviewLine& line) {
    json_.key("family").string(word(line.review.family));
    json_.key("request_contract_version").string(line.review.contract_version);
    json_.key("initials").string(line.review.initials);
    json_.key("reviewed_at").string(core::format_utc(line.review.reviewed_at));
    if (line.review.caller_uid) json_.key("caller_uid").integer(*line.review.caller_uid);
  }
  void operator()(const core::ReviewLine& line) { write_review_fields(json_, line.review); }
  void operator()(const core::DecisionLine& line) { write_decision_fields(json_, line.decision); }
  void operator()(const core::CarryReviewsLine& line) { write_waiting_fields(json_, line); }
  void operator()(const core::PacketLine& line) { write_packet_fields(json_, line); }
  void operator()(const core::CarryPacketLine& line) { write_live_packet_fields(json_, line); }
  void operator()(const core::CarryPacketsLine& line) { write_packets_fields(json_, line); }
  void operator()(const core::RetiredLine& line) {
    json_.key("kept_from").string(line.kept_from);
    json_.key("first_seq").integer(line.first_seq);
    json_.key("segments").integer(line.segments);
    json_.key("retired_at").string(core::format_utc(line.retired_at));
  }
  void operator()(const core::CheckpointLine& line) { json_.key("note").string(line.note); }
  void operator()(const core::OtherLine&) {}

 private:
  JsonWriter& json_;
  const Envelope& envelope_;
};

bool is_plain_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool is_json_object(const std::string& text) {
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  return printable && text.starts_with('{') && text.ends_with('}') &&
         parser.parse(text).get(object) == simdjson::SUCCESS;
}

LedgerError refused(const Envelope& envelope, std::string_view kind, const std::string& why) {
  return {LedgerErrorKind::unusable,
          "line " + std::to_string(envelope.seq) + " of kind " + std::string(kind) +
              " cannot be written: " + why};
}

}  // namespace

void write_state_fields(JsonWriter& json, const core::ProbeState& state) {
  json.key("probe").string(state.probe);
  json.key("last_attempt");
  write_stamp(json, state.last_attempt);
  json.key("last_decision");
  state.last_decision ? json.string(word(*state.last_decision)) : json.null();
  json.key("failures_in_a_row").integer(state.failures_in_a_row);
  json.key("confirm_wanted").boolean(state.confirm_wanted);
  json.key("retries_without_recovery").integer(state.retries_without_recovery);
  json.key("day").string(state.day);
  json.key("runs_today").integer(state.runs_today);
  json.key("calls_today").integer(state.calls_today);
  json.key("output_tokens_today").integer(state.output_tokens_today);
  json.key("last_outcome_at");
  state.last_outcome_at ? json.string(core::format_utc(*state.last_outcome_at)) : json.null();
  json.key("tally");
  write_tally(json, state.tally);
  json.key("open_run");
  write_open_run(json, state.open_run);
}

Result<Encoded> encode(Hasher& hasher, const Envelope& envelope, const core::Line& line) {
  const std::string_view kind = core::kind_of(line);
  if (!is_plain_word(kind)) return refused(envelope, kind, "its kind is not a plain word");
  const auto* policy = std::get_if<core::PolicyLine>(&line);
  if (policy != nullptr && !is_json_object(policy->policy)) {
    return refused(envelope, kind, "its policy is not one JSON object in printable ASCII");
  }
  JsonWriter json;
  json.begin_object();
  json.key("v").integer(format_version);
  json.key("seq").integer(envelope.seq);
  json.key("prev").string(hex(envelope.prev));
  json.key("kind").string(kind);
  json.key("ledger_id").string(std::string(envelope.ledger) + "-" + std::to_string(envelope.seq));
  json.key("recorded_at").string(core::format_utc(envelope.recorded_at));
  std::visit(Payload(json, envelope), line);

  Encoded encoded;
  encoded.hash = line_hash(hasher, json.text());
  encoded.bytes = json.take() + ",\"hash\":\"" + hex(encoded.hash) + "\"}\n";
  const std::size_t length = encoded.bytes.size() - 1;
  if (length > max_line_bytes) {
    return refused(envelope,
                   kind,
                   "it would have " + std::to_string(length) + " bytes, the most allowed is " +
                       std::to_string(max_line_bytes));
  }
  return encoded;
}

LedgerRecord make_record(const Frame& frame, core::Line line) {
  return RecordFactory::make({.seq = frame.seq,
                              .prev = frame.prev,
                              .hash = frame.hash,
                              .ledger_id = std::string(frame.ledger_id),
                              .recorded_at = frame.recorded_at,
                              .line = std::move(line)});
}

}  // namespace smokeledger::exporters::ledger
