// Inconsistencies made by hand: replay finds each, and names its field. Those of the other lines of
// a run are in replay_edits_of_runs_test.cpp.
#include "tests/exporters/ledger/replay_edits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/replay.h"

namespace smokeledger::tests {
namespace {

using namespace std::chrono_literals;
using core::Attempt;
using core::Reason;

const Edit edits_of_outcomes[] = {
    {"mode", [](Scene& s) { s.outcome(kept).mode = core::Mode::direct; }, "mode"},
    {"trigger", [](Scene& s) { s.outcome(kept).trigger = core::Trigger::manual; }, "trigger"},
    {"caller", [](Scene& s) { s.outcome(kept).caller_uid = 7; }, "caller_uid"},
    {"policy", [](Scene& s) { s.outcome(kept).policy_sha256[0] = 'x'; }, "policy_sha256"},
    {"config", [](Scene& s) { s.outcome(kept).config_sha256[0] = 'x'; }, "config_sha256"},
    {"environment", [](Scene& s) { s.outcome(kept).environment = "live"; }, "environment"},
    {"environment_of_a_pause",
     [](Scene& s) { s.outcome(paused).environment = "live"; },
     "environment"},
    {"family",
     [](Scene& s) { s.outcome(fell_back).family = core::EndpointFamily::chat_completions; },
     "endpoint_family"},
    {"provider", [](Scene& s) { s.outcome(fell_back).provider = "one"; }, "provider"},
    {"status_class",
     [](Scene& s) { s.outcome(refused).status_class = core::StatusClass::s5xx; },
     "status_class"},
    {"failure_class",
     [](Scene& s) { s.outcome(refused).failure_class = core::FailureClass::retryable; },
     "failure_class"},
    {"reason", [](Scene& s) { s.outcome(refused).reason = Reason::server_error; }, "reason"},
    {"retry_count", [](Scene& s) { s.outcome(retried).retry_count = 1; }, "retry_count"},
    {"attempt_budget", [](Scene& s) { s.outcome(retried).attempt_budget = 9; }, "attempt_budget"},
    {"within_budget",
     [](Scene& s) { s.outcome(retried).within_budget = core::WithinBudget::no; },
     "within_budget"},
    {"backoff",
     [](Scene& s) { s.outcome(fell_back).backoff_policy_seen = core::Seen::no; },
     "backoff_policy_seen"},
    {"jitter",
     [](Scene& s) { s.outcome(fell_back).jitter_seen = core::Seen::not_exercised; },
     "jitter_seen"},
    {"layer",
     [](Scene& s) { s.outcome(retried).observed_layer = core::Layer::gateway; },
     "observed_layer"},
    {"fallback_hidden",
     [](Scene& s) { s.outcome(fell_back).fallback_taken = core::Tristate::no; },
     "fallback_taken"},
    {"fallback_invented",
     [](Scene& s) { s.outcome(kept).fallback_taken = core::Tristate::yes; },
     "fallback_taken"},
    {"fallback_route",
     [](Scene& s) { s.outcome(fell_back).fallback_route = "other"; },
     "fallback_route"},
    {"fallback_layer",
     [](Scene& s) { s.outcome(fell_back).fallback_layer = core::Layer::gateway; },
     "fallback_layer"},
    {"caller_received",
     [](Scene& s) { s.outcome(refused).caller_received = core::CallerReceived::usable_response; },
     "caller_received"},
    {"decision",
     [](Scene& s) { s.outcome(refused).decision = core::Decision::keep_primary; },
     "fallback_decision"},
    {"decision_of_a_crash",
     [](Scene& s) { s.outcome(crashed_run).decision = core::Decision::keep_primary; },
     "fallback_decision"},
    {"decision_of_a_pause",
     [](Scene& s) { s.outcome(paused).decision = core::Decision::escalate; },
     "fallback_decision"},
    {"rule", [](Scene& s) { s.outcome(refused).rule = "not_transient"; }, "rule"},
    {"because", [](Scene& s) { s.outcome(refused).because = "All is well."; }, "because"},
    {"gap_invented", [](Scene& s) { s.outcome(kept).gap = core::Gap::credential; }, "gap"},
    {"gap_hidden", [](Scene& s) { s.outcome(paused).gap = core::Gap::none; }, "gap"},
    {"gap_of_another_kind", [](Scene& s) { s.outcome(paused).gap = core::Gap::budget; }, "rule"},
    {"check_result",
     [](Scene& s) { s.outcome(fell_back).check_result = core::CheckResult::pass; },
     "check_result"},
    {"owner", [](Scene& s) { s.outcome(kept).follow_up_owner = "nobody"; }, "follow_up_owner"},
    {"links", [](Scene& s) { s.outcome(retried).evidence_links.clear(); }, "evidence_links"},
    {"pressure_invented",
     [](Scene& s) { s.outcome(retried).pressure = {"retries_without_recovery:3"}; },
     "pressure"},
    {"pressure_of_another_provider",
     [](Scene& s) { s.outcome(refused).pressure = {"retry_tokens_short:two"}; },
     "pressure"},
    {"pressure_that_held_nothing",
     [](Scene& s) { s.outcome(refused).pressure = {"retry_tokens_short:one"}; },
     "pressure"},
    {"pressure_of_a_pause",
     [](Scene& s) { s.outcome(paused).pressure = {"retries_without_recovery:3"}; },
     "pressure"},
    {"pressure_of_a_crash",
     [](Scene& s) { s.outcome(crashed_run).pressure = {"retry_tokens_short:one"}; },
     "pressure"},
    {"unresolved_hidden",
     [](Scene& s) { s.outcome(crashed_run).unresolved.clear(); },
     "unresolved"},
    {"unresolved_invented",
     [](Scene& s) { s.outcome(kept).unresolved.emplace_back(core::result_unknown); },
     "unresolved"},
    {"budget_of_a_crash",
     [](Scene& s) { s.outcome(crashed_run).within_budget = core::WithinBudget::unknown; },
     "within_budget"},
    {"status_of_a_crash",
     [](Scene& s) { s.outcome(crashed_run).status_class = core::StatusClass::s2xx; },
     "status_class"},
    {"number_left_out", [](Scene& s) { s.rename(kept, "chat-walk-20261121-000"); }, "check_id"},
    {"number_of_another_form",
     [](Scene& s) { s.rename(paused, "chat-walk-20261121-6"); },
     "check_id"},
    {"day_that_is_over", [](Scene& s) { s.rename(paused, "chat-walk-20261120-006"); }, "check_id"},
    {"number_of_a_new_day",
     [](Scene& s) { s.rename(paused, "chat-walk-20261122-006"); },
     "check_id"},
    {"run_of_another_probe", [](Scene& s) { s.rename(paused, "chat-20261121-006"); }, "check_id"},
    {"outcome_twice", [](Scene& s) { s.repeat_outcome(kept); }, "check_id"},
    {"outcome_missing", [](Scene& s) { s.remove_outcome(retried); }, "check_id"},
    {"run_missing",
     [](Scene& s) {
       s.remove_line(kept, 0);
       s.remove_outcome(kept);
     },
     "check_id"},
};

const Edit edits_of_attempts[] = {
    {"attempt_dropped", [](Scene& s) { s.outcome(retried).attempts.pop_back(); }, "attempts"},
    {"attempt_invented",
     [](Scene& s) { s.outcome(kept).attempts.push_back(s.attempt(kept, 0)); },
     "attempts"},
    {"route", [](Scene& s) { s.attempt(retried, 1).route = "fallback"; }, "attempts[1].route"},
    {"family",
     [](Scene& s) { s.attempt(retried, 1).family = core::EndpointFamily::messages; },
     "attempts[1].endpoint_family"},
    {"provider", [](Scene& s) { s.attempt(retried, 1).provider = "two"; }, "attempts[1].provider"},
    {"contract",
     [](Scene& s) { s.attempt(retried, 2).contract_version += "0"; },
     "attempts[2].request_contract_version"},
    {"request_id",
     [](Scene& s) { s.attempt(retried, 2).request_id += "0"; },
     "attempts[2].request_id"},
    {"provider_request_id",
     [](Scene& s) { s.attempt(retried, 0).provider_request_id = "req_1"; },
     "attempts[0].provider_request_id"},
    {"sent_at", [](Scene& s) { s.attempt(retried, 2).sent_at += 1s; }, "attempts[2].sent_at"},
    {"http_status",
     [](Scene& s) { s.attempt(retried, 1).http_status = 502; },
     "attempts[1].http_status"},
    {"status_class",
     [](Scene& s) { s.attempt(kept, 0).status_class = core::StatusClass::s4xx; },
     "attempts[0].status_class"},
    {"status_class_of_a_crash",
     [](Scene& s) { s.attempt(crashed_run, 1).status_class = core::StatusClass::no_response; },
     "attempts[1].status_class"},
    {"failure_class",
     [](Scene& s) { s.attempt(refused, 0).failure_class = core::FailureClass::retryable; },
     "attempts[0].failure_class"},
    {"reason",
     [](Scene& s) { s.attempt(retried, 1).reason = Reason::throttled; },
     "attempts[1].reason"},
    {"success_without_status",
     [](Scene& s) { s.attempt(kept, 0).http_status.reset(); },
     "attempts[0].reason"},
    {"success_not_accepted",
     [](Scene& s) { s.attempt(kept, 0).parser_result = core::ParserResult::rejected; },
     "attempts[0].reason"},
    {"object_family",
     [](Scene& s) { s.attempt(retried, 0).object_family = core::ObjectFamily::response; },
     "attempts[0].response_object_family"},
    {"parser_result",
     [](Scene& s) { s.attempt(retried, 0).parser_result = core::ParserResult::inconclusive; },
     "attempts[0].parser_result"},
    {"findings",
     [](Scene& s) {
       s.attempt(retried, 0).findings.push_back({core::FindingCode::not_json, ""});
     },
     "attempts[0].findings"},
    {"findings_left_out",
     [](Scene& s) { s.attempt(retried, 0).findings_left_out = 1; },
     "attempts[0].findings_left_out"},
    {"additive", [](Scene& s) { s.attempt(retried, 0).additive = 3; }, "attempts[0].additive"},
    {"planned_wait",
     [](Scene& s) { s.attempt(retried, 2).planned_wait = 7ms; },
     "attempts[2].planned_wait_ms"},
    {"planned_wait_beyond_measure",
     [](Scene& s) { s.attempt(retried, 2).planned_wait = core::Milliseconds::max(); },
     "attempts[2].planned_wait_ms"},
    {"retry_after",
     [](Scene& s) { s.attempt(retried, 0).retry_after = core::RetryAfterSeen::capped; },
     "attempts[0].retry_after"},
    {"retry_after_of_success",
     [](Scene& s) { s.attempt(kept, 0).retry_after = core::RetryAfterSeen::ignored; },
     "attempts[0].retry_after"},
    {"served_model",
     [](Scene& s) { s.attempt(retried, 0).served_model_match = core::ServedModelMatch::different; },
     "attempts[0].served_model_match"},
    {"gateway_retries",
     [](Scene& s) { s.attempt(retried, 0).gateway_retries = 2; },
     "attempts[0].gateway_retries"},
    {"tokens",
     [](Scene& s) {
       s.attempt(retried, 0).tokens = core::Tokens{1, 1};
     },
     "attempts[0].tokens_reported"},
    {"tokens_of_a_crash",
     [](Scene& s) {
       s.attempt(crashed_run, 1).tokens = core::Tokens{1, 1};
     },
     "attempts[1].tokens_reported"},
};

std::vector<std::string> fields_found(const RecordedLines& lines) {
  const ScratchDir dir;
  write_ledger(dir.path(), lines);
  std::vector<std::string> fields;
  const auto result = ledger::replay(dir.path(), [&](const ledger::ReplayFinding& finding) {
    EXPECT_NE(finding.difference.recorded, finding.difference.recomputed);
    fields.push_back(finding.difference.field);
  });
  EXPECT_TRUE(result);
  EXPECT_EQ(result->clean(), fields.empty());
  return fields;
}

TEST(AnEditedLedger, is_clean_before_the_edit) {
  EXPECT_THAT(fields_found(Scene().lines()), testing::IsEmpty());
}

TEST_P(EditedLedger, is_found_by_its_field) {
  Scene scene;
  GetParam().make(scene);
  EXPECT_THAT(fields_found(scene.lines()), testing::Contains(GetParam().field));
}

INSTANTIATE_TEST_SUITE_P(outcome, EditedLedger, testing::ValuesIn(edits_of_outcomes), edit_name);
INSTANTIATE_TEST_SUITE_P(attempt, EditedLedger, testing::ValuesIn(edits_of_attempts), edit_name);

}  // namespace
}  // namespace smokeledger::tests
