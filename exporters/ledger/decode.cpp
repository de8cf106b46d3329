#include "exporters/ledger/decode.h"

#include <array>

#include "exporters/ledger/codec.h"

namespace smokeledger::exporters::ledger {
namespace {

namespace ondemand = simdjson::ondemand;

core::Stamp read_stamp(JsonReader& json) {
  core::Stamp stamp;
  stamp.wall = json.utc("at");
  stamp.boot_id = json.text("boot_id");
  stamp.boot = core::Instant(core::Milliseconds(json.integer<std::int64_t>("boot_ms")));
  return stamp;
}

core::OpenRun read_open_run(JsonReader& json) {
  core::OpenRun run;
  run.last = json.object("last", read_attempt_fields);
  run.judged = json.objects("judged", read_attempt);
  run.tokens_reserved = json.optional_integers_if_there<std::uint64_t>("tokens_reserved");
  return run;
}

// One entry of a tally: label values, then the count.
bool read_tally_entry(ondemand::array entry, core::Counter counter, core::Tally& tally) {
  core::CounterKey key{counter, {}};
  std::size_t labels = 0;
  std::optional<std::uint64_t> count;
  for (auto element : entry) {
    ondemand::value value;
    ondemand::json_type type{};
    if (count || element.get(value) != simdjson::SUCCESS ||
        value.type().get(type) != simdjson::SUCCESS) {
      return false;
    }
    if (type == ondemand::json_type::number) {
      std::uint64_t number = 0;
      if (value.get_uint64().get(number) != simdjson::SUCCESS) return false;
      count = number;
      continue;
    }
    std::string_view label;
    if (labels == core::max_labels || value.get_string().get(label) != simdjson::SUCCESS) {
      return false;
    }
    key.labels[labels++] = label;
  }
  return count && tally.emplace(std::move(key), *count).second;
}

core::Tally read_tally(JsonReader& json) {
  core::Tally tally;
  for (auto field : json.members()) {
    std::string_view name;
    ondemand::array entries;
    if (field.unescaped_key().get(name) != simdjson::SUCCESS) {
      json.fail("tally");
      return tally;
    }
    const auto counter = core::from_word<core::Counter>(name);
    if (!counter || field.value().get_array().get(entries) != simdjson::SUCCESS) {
      json.fail("tally");
      return tally;
    }
    for (auto element : entries) {
      ondemand::array entry;
      if (element.get_array().get(entry) != simdjson::SUCCESS ||
          !read_tally_entry(entry, *counter, tally)) {
        json.fail("tally");
        return tally;
      }
    }
  }
  return tally;
}

core::Break read_break(JsonReader& json) {
  core::Break found;
  found.segment = json.text("segment");
  found.from_seq = json.integer<std::uint64_t>("from_seq");
  found.sha256 = json.text("sha256");
  found.what = json.text("what");
  return found;
}

Decoded read_open(JsonReader& json) {
  core::OpenLine line;
  line.ledger = json.text("ledger");
  line.nonce = json.text("nonce");
  line.previous_segment = json.text("previous_segment");
  line.build = json.text("build");
  const auto header_lines = json.integer<std::uint64_t>("header_lines");
  line.behind_break = json.object_if_there("break", read_break);
  return {std::move(line), header_lines};
}

Decoded read_attempt_line(JsonReader& json) {
  return {read_attempt_fields(json)};
}

Decoded read_outcome(JsonReader& json) {
  return {core::OutcomeLine{read_outcome_fields(json)}};
}

Decoded read_policy(JsonReader& json) {
  core::PolicyLine line;
  line.probe = json.text("probe");
  line.policy_sha256 = json.text("policy_sha256");
  line.policy = json.raw_object("policy");
  return {std::move(line)};
}

Decoded read_carry(JsonReader& json) {
  return {core::CarryLine{read_state_fields(json)}};
}

Decoded read_carry_provider(JsonReader& json) {
  core::CarryProviderLine line;
  line.provider = json.text("provider");
  line.reached = json.boolean("reached");
  line.tried_at = json.utc("tried_at");
  line.retry_tokens_spent = json.integer<std::uint32_t>("retry_tokens_spent_thousandths");
  return {std::move(line)};
}

Decoded read_seal(JsonReader& json) {
  core::SealLine line;
  if (const auto earliest = json.utc_if_there("earliest")) {
    line.recorded = core::TimeRange{*earliest, json.utc("latest")};
  }
  line.reviews = json.integer_if_there<std::uint64_t>("reviews");
  return {line};
}

Decoded read_config(JsonReader& json) {
  core::ConfigLine line;
  line.config_sha256 = json.text("config_sha256");
  line.changed = json.texts("changed");
  line.changed_left_out = json.integer<std::uint32_t>("changed_left_out");
  return {std::move(line)};
}

Decoded read_recovered(JsonReader& json) {
  core::RecoveredLine line;
  line.dropped_bytes = json.integer<std::uint64_t>("dropped_bytes");
  line.dropped_sha256 = json.text("dropped_sha256");
  line.quarantine = json.text("quarantine");
  return {std::move(line)};
}

Decoded read_clock_step(JsonReader& json) {
  return {core::ClockStepLine{json.integer<std::int64_t>("step_ms")}};
}

Decoded read_contract_review(JsonReader& json) {
  core::ContractReview review;
  review.family = json.choice<core::EndpointFamily>("family");
  review.contract_version = json.text("request_contract_version");
  review.initials = json.text("initials");
  review.reviewed_at = json.utc("reviewed_at");
  review.caller_uid = json.integer_if_there<std::uint32_t>("caller_uid");
  return {core::ContractReviewLine{std::move(review)}};
}

Decoded read_review(JsonReader& json) {
  return {core::ReviewLine{read_review_fields(json)}};
}

Decoded read_decision(JsonReader& json) {
  return {core::DecisionLine{read_decision_fields(json)}};
}

Decoded read_waiting(JsonReader& json) {
  return {read_waiting_fields(json)};
}

Decoded read_packet(JsonReader& json) {
  return {read_packet_fields(json)};
}

Decoded read_live_packet(JsonReader& json) {
  return {read_live_packet_fields(json)};
}

Decoded read_packets(JsonReader& json) {
  return {read_packets_fields(json)};
}

Decoded read_retired(JsonReader& json) {
  core::RetiredLine line;
  line.kept_from = json.text("kept_from");
  line.first_seq = json.integer<std::uint64_t>("first_seq");
  line.segments = json.integer<std::uint64_t>("segments");
  line.retired_at = json.utc("retired_at");
  return {std::move(line)};
}

Decoded read_checkpoint(JsonReader& json) {
  return {core::CheckpointLine{json.text("note")}};
}

struct KindRow {
  std::string_view kind;
  Decoded (*read)(JsonReader&);
};
constexpr std::array kinds{KindRow{"open", read_open},
                           KindRow{"attempt", read_attempt_line},
                           KindRow{"outcome", read_outcome},
                           KindRow{"policy", read_policy},
                           KindRow{"carry", read_carry},
                           KindRow{"carry_provider", read_carry_provider},
                           KindRow{"seal", read_seal},
                           KindRow{"config", read_config},
                           KindRow{"recovered", read_recovered},
                           KindRow{"clock_step", read_clock_step},
                           KindRow{"contract_review", read_contract_review},
                           KindRow{"review", read_review},
                           KindRow{"decision", read_decision},
                           KindRow{"carry_reviews", read_waiting},
                           KindRow{"packet", read_packet},
                           KindRow{"carry_packet", read_live_packet},
                           KindRow{"carry_packets", read_packets},
                           KindRow{"retired", read_retired},
                           KindRow{"checkpoint", read_checkpoint}};
static_assert(kinds.size() + 1 == std::variant_size_v<core::Line>,
              "every kind but OtherLine has a row");

}  // namespace

core::ProbeState read_state_fields(JsonReader& json) {
  core::ProbeState state;
  state.probe = json.text("probe");
  state.last_attempt = json.optional_object("last_attempt", read_stamp);
  state.last_decision = json.optional_choice<core::Decision>("last_decision");
  state.failures_in_a_row = json.integer<std::uint32_t>("failures_in_a_row");
  state.confirm_wanted = json.boolean("confirm_wanted");
  state.retries_without_recovery =
      json.integer_if_there<std::uint32_t>("retries_without_recovery").value_or(0);
  state.day = json.text("day");
  state.runs_today = json.integer<std::uint32_t>("runs_today");
  state.calls_today = json.integer<std::uint32_t>("calls_today");
  state.output_tokens_today =
      json.integer_if_there<std::uint64_t>("output_tokens_today").value_or(0);
  state.last_outcome_at = json.optional_utc("last_outcome_at");
  state.tally = json.object("tally", read_tally);
  state.open_run = json.optional_object("open_run", read_open_run);
  return state;
}

struct Decoder::Impl {
  ondemand::parser parser;
  // simdjson reads past the end of its input: the line is copied in front of its padding.
  std::vector<char> padded = std::vector<char>(max_line_bytes + simdjson::SIMDJSON_PADDING);
};

Decoder::Decoder() : impl_(std::make_unique<Impl>()) {}
Decoder::~Decoder() = default;
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;

boost::system::result<Decoded, std::string> Decoder::decode(const Frame& frame,
                                                            std::string_view line) {
  const KindRow* row = nullptr;
  for (const auto& candidate : kinds) {
    if (candidate.kind == frame.kind) row = &candidate;
  }
  if (row == nullptr) return Decoded{core::OtherLine{std::string(frame.kind)}};
  if (line.size() > max_line_bytes) return std::string("it is too long to be read");
  line.copy(impl_->padded.data(), line.size());
  ondemand::document document;
  ondemand::object object;
  const simdjson::padded_string_view view(impl_->padded.data(), line.size(), impl_->padded.size());
  if (impl_->parser.iterate(view).get(document) != simdjson::SUCCESS ||
      document.get_object().get(object) != simdjson::SUCCESS) {
    return std::string("it is not one JSON object");
  }
  ReadFailure failure;
  JsonReader reader(object, failure);
  Decoded decoded = row->read(reader);
  if (reader.failed()) return "its member " + failure.member + " is missing or wrong";
  return decoded;
}

}  // namespace smokeledger::exporters::ledger
