#include "probes/run/run.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/support/run_house.h"

namespace smokeledger::probes::run {
namespace {

using namespace std::chrono_literals;
using core::Decision;
using core::Milliseconds;
using tests::House;
using tests::overloaded;

using Waits = std::vector<Milliseconds>;

TEST(Run, KeepsThePrimaryThatAnswersAtOnce) {
  House house({tests::chat_ok()});
  const core::Outcome outcome = house.whole(tests::walk_plan());
  EXPECT_EQ(outcome.decision, Decision::keep_primary);
  EXPECT_EQ(outcome.check_id, "chat-walk-20261121-001");
  EXPECT_EQ(outcome.build, "0.1.0");
  EXPECT_EQ(house.sent_at(), (Waits{0ms}));
  EXPECT_EQ(house.ended_at, (Waits{20ms}));
}

TEST(Run, WritesAnAttemptLineWithTheSanitizedRequest) {
  House house({tests::chat_ok()});
  house.whole(tests::walk_plan());
  const core::AttemptLine& line = house.transport.sent.at(0).line;
  EXPECT_EQ(line.check_id, "chat-walk-20261121-001");
  EXPECT_EQ(line.probe, "chat-walk");
  EXPECT_EQ(line.number, 1U);
  EXPECT_EQ(line.route, "primary");
  EXPECT_EQ(line.provider, "one");
  EXPECT_EQ(line.request_id, "chat-walk-20261121-001.1a2b3c4d.1");
  EXPECT_EQ(line.contract_version, "chat_completions/2026-07-03+0123456789ab");
  EXPECT_EQ(line.policy_sha256, tests::walk_plan().policy_sha256);
  EXPECT_EQ(line.method, "POST");
  EXPECT_EQ(line.path, "/v1/chat/completions");
  EXPECT_EQ(line.auth_scheme, "none");
  EXPECT_EQ(line.request_members, (std::vector<std::string>{"model", "messages"}));
  EXPECT_EQ(core::format_utc(line.stamp.wall), "2026-11-21T08:00:00Z");
  EXPECT_FALSE(line.previous);
}

TEST(Run, RetriesThePrimaryWithThePlannedWaits) {
  House house({overloaded(), overloaded(), tests::chat_ok()});
  const core::Outcome outcome = house.whole(tests::walk_plan());
  EXPECT_EQ(outcome.decision, Decision::retry_primary);
  EXPECT_EQ(outcome.retry_count, 2U);
  EXPECT_EQ(outcome.backoff_policy_seen, core::Seen::yes);
  EXPECT_EQ(house.planned_waits(), (Waits{0ms, 250ms, 500ms}));
  EXPECT_EQ(house.sent_at(), (Waits{0ms, 20ms + 250ms, 290ms + 500ms})) << "a reply takes 20 ms";
}

TEST(Run, FallsBackAtOnceWhenTheRouteIsSpent) {
  House house({overloaded(), overloaded(), overloaded(), tests::responses_ok()});
  const core::Outcome outcome = house.whole(tests::walk_plan());
  EXPECT_EQ(outcome.decision, Decision::use_fallback);
  EXPECT_EQ(outcome.fallback_route, "fallback");
  EXPECT_EQ(outcome.attempts.back().object_family, core::ObjectFamily::response)
      << "judged by its own contract";
  EXPECT_EQ(house.planned_waits(), (Waits{0ms, 250ms, 500ms, 0ms}));
  EXPECT_EQ(house.transport.sent.back().line.path, "/v1/responses");
}

TEST(Run, EscalatesWhenTheBudgetIsUsed) {
  House house({overloaded()});
  const core::Outcome outcome = house.whole(tests::walk_plan());
  EXPECT_EQ(outcome.decision, Decision::escalate);
  EXPECT_EQ(outcome.rule, "budget_exhausted");
  EXPECT_EQ(outcome.attempts.size(), 4U);
  EXPECT_EQ(house.transport.sent.size(), 4U);
  EXPECT_EQ(outcome.within_budget, core::WithinBudget::yes);
}

TEST(Run, EscalatesAfterOneAttemptThatIsNotTransient) {
  House house({tests::reply(401, R"({"error":{"code":"invalid_api_key"}})")});
  EXPECT_EQ(house.whole(tests::walk_plan()).rule, "account_context_needed");
  EXPECT_EQ(house.transport.sent.size(), 1U);
}

TEST(Run, SendsOnceInDirectMode) {
  core::ProbePlan plan = tests::walk_plan();
  plan.mode = core::Mode::direct;
  House house({overloaded()});
  EXPECT_EQ(house.whole(plan).decision, Decision::escalate);
  EXPECT_EQ(house.transport.sent.size(), 1U);
}

TEST(Run, CarriesEachResultIntoTheNextAttemptLine) {
  House house({tests::throttled({{"retry-after", "2"}}), overloaded(), tests::chat_ok()});
  const core::Outcome outcome = house.whole(tests::walk_plan());
  const auto& sent = house.transport.sent;
  ASSERT_EQ(sent.size(), 3U);
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(sent[i].line.number, i + 1);
    EXPECT_EQ(sent[i].line.request_id, "chat-walk-20261121-001.1a2b3c4d." + std::to_string(i + 1));
    EXPECT_EQ(outcome.attempts[i].request_id, sent[i].line.request_id);
    if (i > 0) {
      EXPECT_EQ(sent[i].line.previous, outcome.attempts[i - 1]);
    }
  }
  EXPECT_EQ(sent[1].line.previous->retry_after, core::RetryAfterSeen::obeyed);
}

// The plan with its routes asking for streams.
core::ProbePlan streaming_plan() {
  core::ProbePlan plan = tests::walk_plan();
  for (auto& route : plan.routes) {
    auto contract = std::make_shared<core::Contract>(*route->contract);
    contract->stream.emplace();
    auto streamed = std::make_shared<core::Route>(*route);
    streamed->contract = std::move(contract);
    streamed->stream = true;
    route = std::move(streamed);
  }
  return plan;
}

TEST(Run, ObeysTheRetryAfterOfAnErrorBehindWhichTheConnectionBroke) {
  const core::Reply throttled =
      tests::reply(429, R"({"error":{"message":"later"}})", {{"retry-after", "7"}});
  House house({core::Fault{core::Reason::truncated, 429, throttled},
               tests::reply(200, "", {{"content-type", "text/event-stream"}})});
  const core::Outcome outcome = house.whole(streaming_plan());
  ASSERT_GE(outcome.attempts.size(), 2U);
  EXPECT_EQ(outcome.attempts[0].reason, core::Reason::throttled);
  EXPECT_EQ(outcome.attempts[0].retry_after, core::RetryAfterSeen::obeyed);
  EXPECT_EQ(outcome.attempts[1].planned_wait, 7s);
}

TEST(MakeRequest, SendsTheContractsHeadersButThoseThatTheProviderReplaces) {
  const core::ProbePlan plan = streaming_plan();
  core::Route route = *plan.routes[0];
  auto contract = std::make_shared<core::Contract>(*route.contract);
  contract->request_headers = {{"x-version", "1"}, {"x-kind", "a"}};
  route.contract = contract;
  auto provider = std::make_shared<core::Provider>(*route.provider);
  provider->headers = {{"x-version", "2"}};
  route.provider = provider;
  using Headers = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(make_request(route, "id", nullptr, 1s).headers,
            (Headers{{"content-type", "application/json"},
                     {"accept", "text/event-stream"},
                     {"x-request-id", "id"},
                     {"x-kind", "a"},
                     {"x-version", "2"}}));
}

struct RetryAfterCase {
  const char* asked;
  Milliseconds waited;
  core::RetryAfterSeen seen;
};

TEST(Run, WritesBackWhatItDidWithARetryAfter) {
  for (const RetryAfterCase& row :
       std::vector<RetryAfterCase>{{"7", 7s, core::RetryAfterSeen::obeyed},
                                   {"90", 30s, core::RetryAfterSeen::capped},
                                   {"0", 250ms, core::RetryAfterSeen::obeyed},
                                   {"soon", 250ms, core::RetryAfterSeen::ignored}}) {
    House house({tests::throttled({{"retry-after", row.asked}}), tests::chat_ok()});
    const core::Outcome outcome = house.whole(tests::walk_plan());
    EXPECT_EQ(house.planned_waits(), (Waits{0ms, row.waited})) << row.asked;
    EXPECT_EQ(outcome.attempts[0].retry_after, row.seen) << row.asked;
    EXPECT_EQ(outcome.backoff_policy_seen, core::Seen::yes) << row.asked;
  }
}

TEST(Run, SaysThatItIgnoredARetryAfterWhereItStopsOrGoesElsewhere) {
  core::ProbePlan plan = tests::walk_plan();
  plan.retry.attempts_per_route = 1;
  House house({tests::throttled({{"retry-after", "7"}})});
  const core::Outcome outcome = house.whole(plan);
  ASSERT_EQ(outcome.attempts.size(), 2U);
  EXPECT_EQ(outcome.attempts[0].retry_after, core::RetryAfterSeen::ignored);
  EXPECT_EQ(outcome.attempts[1].retry_after, core::RetryAfterSeen::ignored);
  EXPECT_EQ(house.planned_waits(), (Waits{0ms, 0ms}));
}

TEST(Run, HoldsASlotOnlyWhileItsRequestIsOut) {
  House house({overloaded(), tests::chat_ok()});
  const auto first = house.run(tests::walk_plan(), 1);
  const auto second = house.run(tests::walk_plan(), 2);
  first->start();
  second->start();
  house.clock.advance(19ms);
  EXPECT_EQ(house.slots.in_flight(), 1U) << "one request at a time for one provider";
  EXPECT_EQ(house.transport.sent.size(), 1U);
  house.clock.run_until_idle();
  EXPECT_EQ(house.transport.most_in_flight, 1U);
  EXPECT_EQ(house.sent_at(), (Waits{0ms, 20ms, 270ms}));
  EXPECT_EQ(house.transport.sent[1].line.check_id, "chat-walk-20261121-002")
      << "the second run went while the first one waited";
  ASSERT_EQ(house.outcomes.size(), 2U);
  EXPECT_EQ(house.outcomes[0].decision, Decision::keep_primary);
  EXPECT_EQ(house.outcomes[1].decision, Decision::retry_primary);
}

TEST(Run, ShortensARequestsTimeoutToWhatTheDeadlineLeaves) {
  core::ProbePlan plan = tests::walk_plan();
  plan.retry.attempt_timeout = 30s;
  plan.retry.deadline = 40s;
  House house({overloaded()});
  house.transport.each_takes = {25s};
  const core::Outcome outcome = house.whole(plan);
  EXPECT_EQ(house.transport.sent.at(0).request.timeout, 30s);
  EXPECT_EQ(house.transport.sent.at(1).request.timeout, 40s - 25s - 250ms);
  EXPECT_EQ(outcome.attempts.size(), 4U);
}

TEST(Run, EndsAtItsDeadlineWhateverHangs) {
  core::ProbePlan plan = tests::walk_plan();
  plan.retry.attempt_timeout = 4s;
  plan.retry.deadline = 10s;
  House house({tests::chat_ok()});
  house.transport.takes = 1h;
  const core::Outcome outcome = house.whole(plan);
  EXPECT_EQ(outcome.reason, core::Reason::timeout);
  EXPECT_EQ(house.ended_at, (Waits{10s}));
  EXPECT_EQ(outcome.attempts.size(), 3U) << "two on the primary, the rest of the time elsewhere";
}

// The first run met a full server and waits; the second takes the slot and hangs.
TEST(Run, EndsAtItsDeadlineInTheQueueToo) {
  core::ProbePlan plan = tests::walk_plan();
  plan.retry.deadline = 1s;
  House house({overloaded(), tests::chat_ok()});
  house.transport.each_takes = {20ms, 25s};
  const auto first = house.run(plan, 1);
  const auto second = house.run(tests::walk_plan(), 2);
  first->start();
  second->start();
  house.clock.advance(2s);
  ASSERT_EQ(house.outcomes.size(), 1U);
  EXPECT_EQ(house.ended_at, (Waits{1s}));
  EXPECT_EQ(house.outcomes[0].rule, "budget_exhausted");
  EXPECT_EQ(house.outcomes[0].attempts.size(), 1U);
  house.clock.run_until_idle();
  EXPECT_EQ(house.transport.sent.size(), 2U) << "its place in the queue is gone";
  EXPECT_EQ(house.outcomes.size(), 2U);
}

TEST(Run, GoesOnFromTheQueueWithTheTimeThatIsLeft) {
  core::ProbePlan plan = tests::walk_plan();
  plan.retry.deadline = 10s;
  House house({overloaded(), tests::chat_ok()});
  house.transport.each_takes = {20ms, 1s};
  const auto first = house.run(plan, 1);
  const auto second = house.run(tests::walk_plan(), 2);
  first->start();
  second->start();
  house.clock.run_until_idle();
  EXPECT_EQ(house.sent_at(), (Waits{0ms, 20ms, 1020ms}));
  EXPECT_EQ(house.transport.sent.at(2).line.check_id, "chat-walk-20261121-001");
  EXPECT_EQ(house.transport.sent.at(2).request.timeout, 10s - 1020ms);
  EXPECT_EQ(house.ended_at, (Waits{1020ms, 1040ms})) << "each ends once";
}

TEST(Run, CountsItsDeadlineFromWhenItsFirstRequestCouldGo) {
  House house({tests::chat_ok()});
  house.transport.each_takes = {25s};
  core::ProbePlan plan = tests::walk_plan();
  plan.retry.deadline = 10s;
  const auto first = house.run(tests::walk_plan(), 1);
  const auto second = house.run(plan, 2);
  first->start();
  second->start();
  house.clock.run_until_idle();
  ASSERT_EQ(house.outcomes.size(), 2U);
  EXPECT_EQ(house.transport.sent.at(1).request.timeout, 10s);
  EXPECT_EQ(house.outcomes[1].decision, Decision::keep_primary);
}

TEST(MakeRequest, AddressesTheProviderAndLeavesTheCredentialOutOfTheHeaders) {
  core::Route route = *tests::route("primary", "one");
  auto provider = std::make_shared<core::Provider>(*route.provider);
  provider->base_url = "https://api.example.com";
  provider->auth = core::AuthScheme::bearer;
  provider->headers = {{"x-title", "smoke"}};
  route.provider = provider;
  const Request request =
      make_request(route, "id.1", std::make_shared<Secret>("not-a-real-key"), 5s);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://api.example.com/v1/chat/completions");
  EXPECT_EQ(request.body, R"({"model":"small-model","messages":[]})");
  EXPECT_EQ(request.auth, core::AuthScheme::bearer);
  EXPECT_EQ(request.timeout, 5s);
  EXPECT_EQ(request.secret->reveal(), "not-a-real-key");
  using Headers = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(request.headers,
            (Headers{{"content-type", "application/json"},
                     {"accept", "application/json"},
                     {"x-request-id", "id.1"},
                     {"x-title", "smoke"}}));
}

TEST(Run, HandsEachProviderItsOwnSecret) {
  House house({overloaded(), overloaded(), overloaded(), tests::responses_ok()});
  RunSetup setup;
  setup.plan = std::make_shared<core::ProbePlan>(tests::walk_plan());
  setup.caller_uid = 1000;
  setup.secrets["one"] = std::make_shared<Secret>("first");
  setup.secrets["two"] = std::make_shared<Secret>("second");
  probes::run::Run run(
      {house.clock, house.random, house.transport, house.slots, house.retry_tokens},
      std::move(setup),
      [](const core::Outcome&) {});
  run.start();
  house.clock.run_until_idle();
  ASSERT_EQ(house.transport.sent.size(), 4U);
  EXPECT_EQ(house.transport.sent[0].request.secret->reveal(), "first");
  EXPECT_EQ(house.transport.sent[3].request.secret->reveal(), "second");
  EXPECT_EQ(house.transport.sent[3].line.caller_uid, 1000U);
}

TEST(PausedOutcome, NamesTheGapAndSendsNothing) {
  const core::RunFacts facts{"chat-walk-20261121-001",
                             core::Trigger::schedule,
                             "0.1.0",
                             core::RunEnd::paused,
                             core::Gap::credential};
  const core::Outcome outcome =
      paused_outcome(tests::walk_plan(), facts, {"credential_missing:one"});
  EXPECT_EQ(outcome.decision, Decision::paused);
  EXPECT_EQ(outcome.rule, "credential_missing");
  EXPECT_EQ(outcome.gap, core::Gap::credential);
  EXPECT_EQ(outcome.status_class, core::StatusClass::not_sent);
  EXPECT_EQ(outcome.check_result, core::CheckResult::investigate);
  EXPECT_EQ(outcome.unresolved, (std::vector<std::string>{"credential_missing:one"}));
}

TEST(Run, KeepsNoProviderIdThatRepeatsTheCredential) {
  const std::string key = "key-0123456789";
  for (const std::string& id : {"id-" + key, std::string("req-77")}) {
    House house({tests::reply(429, "{}", {{"x-request-id", id}}), tests::chat_ok()});
    house.secrets["one"] = std::make_shared<probes::run::Secret>(key);
    const core::Outcome outcome = house.whole(tests::walk_plan());
    EXPECT_EQ(outcome.attempts[0].provider_request_id, id == "req-77" ? id : "") << id;
  }
}

}  // namespace
}  // namespace smokeledger::probes::run
