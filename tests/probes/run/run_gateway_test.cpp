// Runs through a gateway, and the id by which a run is found in its logs.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/support/run_house.h"

namespace smokeledger::probes::run {
namespace {

using core::Decision;
using tests::House;
using tests::overloaded;

TEST(Run, SendsOnceInGatewayModeAndReadsWhatTheGatewayTells) {
  core::Reply reply = tests::chat_ok();
  reply.headers.push_back({"x-litellm-attempted-retries", "2"});
  reply.headers.push_back({"x-litellm-attempted-fallbacks", "0"});
  House house({reply});
  const core::Outcome outcome = house.whole(tests::gateway_plan());
  EXPECT_EQ(house.transport.sent.size(), 1U);
  EXPECT_EQ(house.transport.sent[0].line.mode, core::Mode::gateway);
  EXPECT_EQ(outcome.rule, "gateway_retried");
  EXPECT_EQ(outcome.decision, Decision::retry_primary);
  EXPECT_EQ(outcome.attempts.at(0).gateway_retries, 2U);
  EXPECT_EQ(outcome.within_budget, core::WithinBudget::yes);
  EXPECT_EQ(outcome.check_result, core::CheckResult::pass);
}

TEST(Run, DoesNotRetryWhatAGatewayGaveUp) {
  House house({overloaded()});
  const core::Outcome outcome = house.whole(tests::gateway_plan());
  EXPECT_EQ(house.transport.sent.size(), 1U);
  EXPECT_EQ(outcome.decision, Decision::escalate);
  EXPECT_EQ(outcome.within_budget, core::WithinBudget::unknown);
}

TEST(Run, EscalatesAReplyWithoutTheEvidenceItRequires) {
  core::ProbePlan plan = tests::gateway_plan();
  plan.require_evidence = {core::Evidence::retries};
  House house({tests::chat_ok()});
  const core::Outcome outcome = house.whole(plan);
  EXPECT_EQ(outcome.rule, "gateway_evidence_missing");
  EXPECT_EQ(outcome.attempts.at(0).findings.at(0).path, "gateway.retries");
  EXPECT_EQ(outcome.check_result, core::CheckResult::fail);
}

TEST(Run, SeesBothLayersOfAWalkThroughAGateway) {
  core::Reply failed = overloaded();
  failed.headers.push_back({"x-envoy-attempt-count", "3"});
  core::Reply good = tests::chat_ok();
  good.headers.push_back({"x-envoy-attempt-count", "1"});
  House house({failed, good});
  const core::Outcome outcome = house.whole(tests::walk_through(core::Gateway::envoy));
  EXPECT_EQ(outcome.retry_count, 1U);
  EXPECT_EQ(outcome.observed_layer, core::Layer::client);
  EXPECT_EQ(outcome.attempts.at(0).gateway_retries, 2U);
  EXPECT_EQ(outcome.attempts.at(1).gateway_retries, 0U);
  EXPECT_EQ(outcome.within_budget, core::WithinBudget::yes) << "three and one make four";
}

// The plan whose provider of the primary names runs like this.
core::ProbePlan identified_by(const std::string& header, const std::string& suffix) {
  core::ProbePlan plan = tests::walk_plan();
  auto route = std::make_shared<core::Route>(*plan.routes[0]);
  auto provider = std::make_shared<core::Provider>(*route->provider);
  provider->request_id_header = header;
  provider->request_id_suffix = suffix;
  route->provider = provider;
  plan.routes[0] = route;
  return plan;
}

struct SuffixCase {
  const char* suffix;
  const char* first;
  const char* second;
};

TEST(Run, IsFoundByTheIdInTheConfiguredHeaderOfEachAttempt) {
  const std::string id = "chat-walk-20261121-001.1a2b3c4d";
  for (const SuffixCase& row : std::vector<SuffixCase>{{".{n}", ".1", ".2"},
                                                       {"", "", ""},
                                                       {"-try-{n}", "-try-1", "-try-2"},
                                                       {":smoke", ":smoke", ":smoke"},
                                                       {"{n}x", "1x", "2x"}}) {
    House house({overloaded(), tests::chat_ok()});
    const core::Outcome outcome = house.whole(identified_by("x-trace", row.suffix));
    ASSERT_EQ(outcome.attempts.size(), 2U);
    for (std::size_t i = 0; i < outcome.attempts.size(); ++i) {
      const std::string expected = id + (i == 0 ? row.first : row.second);
      const Outgoing& sent = house.transport.sent[i];
      EXPECT_EQ(sent.line.request_id, expected);
      EXPECT_EQ(outcome.attempts[i].request_id, expected);
      const std::pair<std::string, std::string> header{"x-trace", expected};
      EXPECT_EQ(std::count(sent.request.headers.begin(), sent.request.headers.end(), header), 1);
      EXPECT_TRUE(std::none_of(sent.request.headers.begin(),
                               sent.request.headers.end(),
                               [](const auto& of) { return of.first == "x-request-id"; }));
    }
  }
}

}  // namespace
}  // namespace smokeledger::probes::run
