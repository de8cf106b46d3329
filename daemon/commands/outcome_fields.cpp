#include "daemon/commands/outcome_fields.h"

#include <array>

#include "probes/core/json_writer.h"
#include "probes/core/outcome.h"

namespace smokeledger::daemon::commands {

namespace core = probes::core;

FieldValue ledger_id(const ReadOutcome& read) {
  return read.record.ledger_id();
}

FieldValue recorded_at(const ReadOutcome& read) {
  return core::format_utc(read.record.recorded_at());
}

namespace {

const core::Outcome& of(const ReadOutcome& read) {
  return std::get<core::OutcomeLine>(read.record.line()).outcome;
}

// Of an outcome's member, as the ledger spells it.
template <auto member>
FieldValue value(const ReadOutcome& read) {
  return spelled(of(read).*member);
}

// Of the last attempt's member; empty when nothing was sent.
template <auto member>
FieldValue last(const ReadOutcome& read) {
  const auto& attempts = of(read).attempts;
  if (attempts.empty()) return std::string{};
  return spelled(attempts.back().*member);
}

FieldValue fallback_layer(const ReadOutcome& read) {
  const auto& layer = of(read).fallback_layer;
  return std::string(layer ? core::word(*layer) : "");
}
// `2xx_or_retryable_or_terminal`
FieldValue class_of_failure(const ReadOutcome& read) {
  const core::Outcome& outcome = of(read);
  const bool failed = outcome.failure_class != core::FailureClass::none;
  return std::string(failed ? core::word(outcome.failure_class) : core::word(outcome.status_class));
}
FieldValue operator_decision(const ReadOutcome& read) {
  if (read.review == nullptr) return std::string("unreviewed");
  return std::string(core::word(read.review->review.decision));
}
// Empty until a person reviews it.
FieldValue operator_initials(const ReadOutcome& read) {
  return read.review == nullptr ? std::string{} : read.review->review.initials;
}
FieldValue follow_up_owner(const ReadOutcome& read) {
  const bool other = read.review != nullptr && !read.review->review.follow_up_owner.empty();
  return other ? read.review->review.follow_up_owner : of(read).follow_up_owner;
}
FieldValue operator_notes(const ReadOutcome& read) {
  return read.review == nullptr ? std::string{} : read.review->review.note;
}
FieldValue reclassified(const ReadOutcome& read) {
  const bool planned = read.review != nullptr && read.review->review.planned_maintenance;
  return std::string(planned ? core::planned_maintenance : "");
}
FieldValue review_id(const ReadOutcome& read) {
  return read.review == nullptr ? std::string{}
                                : core::id_of(*read.review, read.record.ledger_id());
}

using core::Attempt;
using core::Outcome;

std::vector<FieldSet> make_field_sets() {
  return {{"all",
           {{"ledger_id", ledger_id},
            {"recorded_at", recorded_at},
            {"check_id", value<&Outcome::check_id>},
            {"probe", value<&Outcome::probe>},
            {"mode", value<&Outcome::mode>},
            {"trigger", value<&Outcome::trigger>},
            {"environment", value<&Outcome::environment>},
            {"endpoint_family", value<&Outcome::family>},
            {"provider", value<&Outcome::provider>},
            {"request_id", last<&Attempt::request_id>},
            {"request_contract_version", last<&Attempt::contract_version>},
            {"status_class", value<&Outcome::status_class>},
            {"failure_class", value<&Outcome::failure_class>},
            {"reason", value<&Outcome::reason>},
            {"parser_result", last<&Attempt::parser_result>},
            {"retry_count", value<&Outcome::retry_count>},
            {"attempt_budget", value<&Outcome::attempt_budget>},
            {"within_budget", value<&Outcome::within_budget>},
            {"backoff_policy_seen", value<&Outcome::backoff_policy_seen>},
            {"jitter_seen", value<&Outcome::jitter_seen>},
            {"observed_layer", value<&Outcome::observed_layer>},
            {"fallback_taken", value<&Outcome::fallback_taken>},
            {"fallback_route", value<&Outcome::fallback_route>},
            {"fallback_layer", fallback_layer},
            {"caller_received", value<&Outcome::caller_received>},
            {"fallback_decision", value<&Outcome::decision>},
            {"rule", value<&Outcome::rule>},
            {"because", value<&Outcome::because>},
            {"pressure", value<&Outcome::pressure>},
            {"gap", value<&Outcome::gap>},
            {"check_result", value<&Outcome::check_result>},
            {"operator_decision", operator_decision},
            {"operator_initials", operator_initials},
            {"follow_up_owner", follow_up_owner},
            {"operator_notes", operator_notes},
            {"reclassified", reclassified},
            {"review", review_id},
            {"evidence_links", value<&Outcome::evidence_links>},
            {"unresolved", value<&Outcome::unresolved>}}},
          {"runbook-a",
           {{"ledger_id", ledger_id},
            {"endpoint_family", value<&Outcome::family>},
            {"request_id", last<&Attempt::request_id>},
            {"status_class", class_of_failure},
            {"retry_attempts", value<&Outcome::retry_count>},
            {"fallback_decision", value<&Outcome::decision>},
            {"operator_initials", operator_initials},
            {"follow_up_owner", follow_up_owner}}},
          {"runbook-b",
           {{"check_id", value<&Outcome::check_id>},
            {"endpoint_family", value<&Outcome::family>},
            {"request_contract_version", last<&Attempt::contract_version>},
            {"status_class", value<&Outcome::status_class>},
            {"fallback_taken", value<&Outcome::fallback_taken>},
            {"retry_count", value<&Outcome::retry_count>},
            {"backoff_policy_seen", value<&Outcome::backoff_policy_seen>},
            {"parser_result", last<&Attempt::parser_result>},
            {"operator_decision", operator_decision},
            {"evidence_links", value<&Outcome::evidence_links>}}}};
}

std::string text_of(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* count = std::get_if<std::uint64_t>(&value)) return std::to_string(*count);
  std::string joined;
  for (const auto& item : std::get<std::vector<std::string>>(value)) {
    joined += (joined.empty() ? "" : " ") + item;
  }
  return joined;
}

}  // namespace

const std::vector<FieldSet>& field_sets() {
  static const std::vector<FieldSet> sets = make_field_sets();
  return sets;
}

std::string json_of(const FieldSet& set, const ReadOutcome& read) {
  core::JsonWriter json;
  json.begin_object();
  for (const OutcomeField& field : set.fields) {
    const FieldValue value = field.value(read);
    json.key(field.name);
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
      json.begin_array();
      for (const auto& item : *list) json.string(item);
      json.end_array();
    } else if (const auto* count = std::get_if<std::uint64_t>(&value)) {
      json.integer(*count);
    } else {
      json.string(std::get<std::string>(value));
    }
  }
  return json.end_object().take();
}

std::string json_of(std::string_view line, const ReadOutcome& read) {
  if (read.review == nullptr) return std::string(line);
  const core::Review& review = read.review->review;
  core::JsonWriter said;
  said.begin_object().key("ledger_id").string(std::get<std::string>(review_id(read)));
  said.key("recorded_at").string(core::format_utc(read.review->recorded_at));
  said.key("reclassified").string(std::get<std::string>(reclassified(read)));
  said.key("caller_uid");
  review.caller_uid ? said.integer(*review.caller_uid) : said.null();
  said.key("operator_notes").string(review.note);
  said.key("evidence_links").strings(review.links).end_object();
  std::string joined(line);
  // No text in a line can look like a member: its quotes are escaped.
  const auto put = [&joined](
                       std::string_view member, const std::string& before, const FieldValue& now) {
    core::JsonWriter quoted;
    quoted.string(before);
    const std::string written = '"' + std::string(member) + "\":" + quoted.take();
    const auto at = joined.find(written);
    if (at == std::string::npos) return;
    core::JsonWriter value;
    value.string(std::get<std::string>(now));
    joined.replace(at, written.size(), '"' + std::string(member) + "\":" + value.take());
  };
  put("operator_decision", "unreviewed", operator_decision(read));
  put("operator_initials", "", operator_initials(read));
  put("follow_up_owner", of(read).follow_up_owner, follow_up_owner(read));
  joined.pop_back();
  return joined + ",\"review\":" + said.take() + '}';
}

// What spreadsheets run as a formula:
// https://owasp.org/www-community/attacks/CSV_Injection
std::string csv_cell(std::string_view text) {
  const bool formula =
      !text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos;
  std::string cell = formula ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

std::string csv_header(const FieldSet& set) {
  std::string row;
  for (const OutcomeField& field : set.fields) {
    row += (row.empty() ? "" : ",") + std::string(field.name);
  }
  return row + "\r\n";
}

std::string csv_row(const FieldSet& set, const ReadOutcome& read) {
  std::string row;
  for (const OutcomeField& field : set.fields) {
    row += (row.empty() ? "" : ",") + csv_cell(text_of(field.value(read)));
  }
  return row + "\r\n";
}

}  // namespace smokeledger::daemon::commands
