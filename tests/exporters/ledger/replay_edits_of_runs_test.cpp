// Inconsistencies made by hand in attempt lines, walks and policies; see replay_edits_test.cpp.
#include "tests/exporters/ledger/replay_edits.h"
#include "tests/support/replaced.h"

namespace smokeledger::tests {
namespace {

using namespace std::chrono_literals;
using core::Attempt;
using core::Reason;

const Edit edits_of_attempt_lines[] = {
    {"line_missing", [](Scene& s) { s.remove_line(retried, 1); }, "number"},
    {"last_line_missing", [](Scene& s) { s.remove_line(retried, 2); }, "attempts"},
    {"number", [](Scene& s) { s.line(retried, 1).number = 4; }, "number"},
    {"mode", [](Scene& s) { s.line(retried, 1).mode = core::Mode::direct; }, "mode"},
    {"trigger", [](Scene& s) { s.line(retried, 1).trigger = core::Trigger::confirm; }, "trigger"},
    {"caller", [](Scene& s) { s.line(retried, 1).caller_uid = 7; }, "caller_uid"},
    {"policy", [](Scene& s) { s.line(retried, 1).policy_sha256[0] = 'x'; }, "policy_sha256"},
    {"config", [](Scene& s) { s.line(retried, 1).config_sha256[0] = 'x'; }, "config_sha256"},
    {"environment", [](Scene& s) { s.line(retried, 1).environment = "live"; }, "environment"},
    {"auth_scheme", [](Scene& s) { s.line(retried, 1).auth_scheme = "bearer"; }, "auth_scheme"},
    {"boot", [](Scene& s) { s.line(retried, 1).stamp.boot_id = "b0070002"; }, "boot_id"},
    {"sent_before_its_wait_was_over",
     [](Scene& s) { s.line(retried, 1).stamp.boot -= 1s; },
     "boot_ms"},
    {"sent_behind_the_deadline",
     [](Scene& s) { s.line(retried, 2).stamp.boot += 2min; },
     "boot_ms"},
    {"time_that_nobody_can_have_measured",
     [](Scene& s) { s.line(retried, 1).stamp.boot = core::Instant::min(); },
     "boot_ms"},
    {"wait_that_nobody_can_have_planned",
     [](Scene& s) { s.line(retried, 1).planned_wait = core::Milliseconds::min(); },
     "planned_wait_ms"},
    {"previous_missing", [](Scene& s) { s.line(retried, 1).previous.reset(); }, "previous"},
    {"previous_of_the_first",
     [](Scene& s) { s.line(kept, 0).previous = s.attempt(kept, 0); },
     "previous"},
    {"previous_changed",
     [](Scene& s) { s.line(retried, 1).previous->http_status = 503; },
     "attempts[0].http_status"},
    {"check_id", [](Scene& s) { s.line(retried, 1).check_id += "0"; }, "check_id"},
};

// Line and outcome agree, but no run by this policy could have gone so.
const Edit edits_of_walks[] = {
    {"wait_longer_than_its_bound",
     [](Scene& s) { s.wait(fell_back, 1, 501ms); },
     "attempts[1].planned_wait_ms"},
    {"wait_longer_than_asked",
     [](Scene& s) { s.wait(retried, 1, 31s); },
     "attempts[1].planned_wait_ms"},
    {"wait_before_the_first",
     [](Scene& s) { s.wait(kept, 0, 1ms); },
     "attempts[0].planned_wait_ms"},
    {"wait_before_a_fallback_elsewhere",
     [](Scene& s) { s.wait(fell_back, 3, 1ms); },
     "attempts[3].planned_wait_ms"},
    {"asked_wait_not_told",
     [](Scene& s) {
       s.everywhere(retried, 0, [](Attempt& of) { of.retry_after = core::RetryAfterSeen::absent; });
     },
     "attempts[0].retry_after"},
    {"obeyed_at_the_end",
     [](Scene& s) { s.attempt(refused, 0).retry_after = core::RetryAfterSeen::obeyed; },
     "attempts[0].retry_after"},
    {"stopped_too_early",
     [](Scene& s) {
       s.remove_line(fell_back, 3);
       s.outcome(fell_back).attempts.pop_back();
     },
     "attempts"},
    {"sent_after_a_usable_reply",
     [](Scene& s) {
       s.everywhere(retried, 1, [&](Attempt& of) {
         const Attempt sent = of;
         of = s.attempt(retried, 2);
         of.planned_wait = sent.planned_wait;
         of.request_id = sent.request_id;
       });
     },
     "attempts[2].route"},
    {"sent_after_a_terminal_reason",
     [](Scene& s) {
       s.everywhere(retried, 1, [](Attempt& of) {
         of.reason = Reason::probe_defect;
         of.failure_class = core::FailureClass::terminal;
         of.http_status = 404;
         of.status_class = core::StatusClass::s4xx;
       });
     },
     "attempts[2].route"},
    {"first_on_a_fallback",
     [](Scene& s) {
       s.everywhere(kept, 0, [](Attempt& of) { of.route = "fallback"; });
       s.line(kept, 0).route = "fallback";
     },
     "attempts[0].route"},
    {"back_to_the_primary",
     [](Scene& s) {
       s.everywhere(retried, 1, [](Attempt& of) { of.route = "fallback"; });
       s.line(retried, 1).route = "fallback";
     },
     "attempts[1].route"},
    {"route_of_no_policy",
     [](Scene& s) {
       s.everywhere(retried, 2, [](Attempt& of) { of.route = "third"; });
       s.line(retried, 2).route = "third";
     },
     "attempts[2].route"},
};

core::ProbePlan edited(core::ProbePlan plan, void (*edit)(core::ProbePlan&)) {
  edit(plan);
  return plan;
}

// The runs say that they were made by a policy under which they could not have gone so.
const Edit edits_of_policies[] = {
    {"bytes",
     [](Scene& s) {
       s.policy().policy += ' ';
       s.policy().policy = replaced(s.policy().policy, "} ", " }");
     },
     "policy_sha256"},
    {"hash", [](Scene& s) { s.policy().policy_sha256[0] = 'x'; }, "policy_sha256"},
    {"probe_of_the_line", [](Scene& s) { s.policy().probe = "chat"; }, "probe"},
    {"name",
     [](Scene& s) { s.use_policy(edited(s.plan(), [](auto& of) { of.name = "chat"; })); },
     "probe"},
    {"mode",
     [](Scene& s) {
       s.use_policy(edited(s.plan(), [](auto& of) { of.mode = core::Mode::direct; }));
     },
     "attempts[1].route"},
    {"budget",
     [](Scene& s) {
       s.use_policy(edited(s.plan(), [](auto& of) { of.retry.attempt_budget = 3; }));
     },
     "attempts[3].route"},
    {"attempts_per_route",
     [](Scene& s) {
       s.use_policy(edited(s.plan(), [](auto& of) { of.retry.attempts_per_route = 2; }));
     },
     "attempts[2].route"},
    {"base",
     [](Scene& s) { s.use_policy(edited(s.plan(), [](auto& of) { of.retry.base = 100ms; })); },
     "attempts[1].planned_wait_ms"},
    {"retry_after_cap",
     [](Scene& s) {
       s.use_policy(edited(s.plan(), [](auto& of) { of.retry.retry_after_cap = 1s; }));
     },
     "attempts[1].planned_wait_ms"},
    {"deadline",
     [](Scene& s) { s.use_policy(edited(s.plan(), [](auto& of) { of.retry.deadline = 1s; })); },
     "boot_ms"},
    {"expectation",
     [](Scene& s) {
       s.use_policy(
           edited(s.plan(), [](auto& of) { of.expect = core::Expectation::use_fallback; }));
     },
     "check_result"},
    {"owner",
     [](Scene& s) { s.use_policy(edited(s.plan(), [](auto& of) { of.owner = "others"; })); },
     "follow_up_owner"},
    {"routes",
     [](Scene& s) { s.use_policy(edited(s.plan(), [](auto& of) { of.routes.pop_back(); })); },
     "attempts[3].route"},
    {"provider",
     [](Scene& s) {
       s.use_policy(edited(s.plan(), [](auto& of) { of.routes[0] = route("primary", "three"); }));
     },
     "provider"},
    {"family",
     [](Scene& s) {
       s.use_policy(edited(s.plan(), [](auto& of) {
         of.routes[0] = route("primary", "one", responses_contract());
       }));
     },
     "endpoint_family"},
    {"contract",
     [](Scene& s) {
       s.use_policy(edited(s.plan(), [](auto& of) {
         auto contract = std::make_shared<core::Contract>(*chat_contract());
         contract->version = "chat_completions/2026-08-01+ffffffffffff";
         of.routes[0] = route("primary", "one", contract);
       }));
     },
     "request_contract_version"},
};

INSTANTIATE_TEST_SUITE_P(line, EditedLedger, testing::ValuesIn(edits_of_attempt_lines), edit_name);
INSTANTIATE_TEST_SUITE_P(walk, EditedLedger, testing::ValuesIn(edits_of_walks), edit_name);
INSTANTIATE_TEST_SUITE_P(policy, EditedLedger, testing::ValuesIn(edits_of_policies), edit_name);

}  // namespace
}  // namespace smokeledger::tests
