#include "daemon/commands/decision_fields.h"

#include <string>

namespace smokeledger::daemon::commands {

namespace core = probes::core;

const Row decision_header{"recorded_at",
                          "ledger_id",
                          "about",
                          "family",
                          "decision",
                          "status_class",
                          "retries",
                          "caller_received",
                          "line",
                          "by",
                          "owner",
                          "note"};

namespace {

using core::HumanDecision;
using exporters::ledger::LedgerRecord;

const HumanDecision& of(const LedgerRecord& record) {
  return std::get<core::DecisionLine>(record.line()).decision;
}

std::string cited_line(const LedgerRecord& record) {
  const auto& seq = of(record).cited_seq;
  const std::string& id = record.ledger_id();
  return seq ? id.substr(0, id.rfind('-') + 1) + std::to_string(*seq) : std::string{};
}

std::string shown(std::string text) {
  return text.empty() ? "-" : text;
}

// Of a decision's member, as the ledger spells it.
template <auto member>
FieldValue value(const ReadOutcome& read) {
  return spelled(of(read.record).*member);
}
FieldValue retry_attempts(const ReadOutcome& read) {
  const auto& retries = of(read.record).retry_attempts;
  return retries ? FieldValue(std::uint64_t{*retries}) : FieldValue(std::string("unknown"));
}
FieldValue cited(const ReadOutcome& read) {
  return cited_line(read.record);
}

std::vector<FieldSet> make_field_sets() {
  return {{"all",
           {{"ledger_id", ledger_id},
            {"recorded_at", recorded_at},
            {"about", value<&HumanDecision::about>},
            {"environment", value<&HumanDecision::environment>},
            {"endpoint_family", value<&HumanDecision::family>},
            {"request_id", value<&HumanDecision::request_id>},
            {"status_class", value<&HumanDecision::status_class>},
            {"retry_attempts", retry_attempts},
            {"caller_received", value<&HumanDecision::caller_received>},
            {"fallback_decision", value<&HumanDecision::decision>},
            {"line", cited},
            {"operator_initials", value<&HumanDecision::initials>},
            {"follow_up_owner", value<&HumanDecision::follow_up_owner>},
            {"operator_notes", value<&HumanDecision::note>},
            {"evidence_links", value<&HumanDecision::evidence_links>}}},
          {"runbook-a",
           {{"ledger_id", ledger_id},
            {"endpoint_family", value<&HumanDecision::family>},
            {"request_id", value<&HumanDecision::request_id>},
            {"status_class", value<&HumanDecision::status_class>},
            {"retry_attempts", retry_attempts},
            {"fallback_decision", value<&HumanDecision::decision>},
            {"operator_initials", value<&HumanDecision::initials>},
            {"follow_up_owner", value<&HumanDecision::follow_up_owner>}}}};
}

}  // namespace

Row decision_row(const LedgerRecord& record) {
  const HumanDecision& decision = of(record);
  return {core::format_utc(record.recorded_at()),
          record.ledger_id(),
          std::string(word(decision.about)),
          std::string(word(decision.family)),
          std::string(word(decision.decision)),
          std::string(word(decision.status_class)),
          decision.retry_attempts ? std::to_string(*decision.retry_attempts) : "unknown",
          std::string(word(decision.caller_received)),
          shown(cited_line(record)),
          decision.initials,
          shown(decision.follow_up_owner),
          shown(decision.note)};
}

const std::vector<FieldSet>& decision_field_sets() {
  static const std::vector<FieldSet> sets = make_field_sets();
  return sets;
}

}  // namespace smokeledger::daemon::commands
