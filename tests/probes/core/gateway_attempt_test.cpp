// A reply through a gateway, judged.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::optional<std::uint32_t> unknown = std::nullopt;

// The result of the plan's primary route for this reply, its body read by the route's contract.
Attempt judged(const ProbePlan& plan, const Reply& reply) {
  const Route& route = *plan.routes.front();
  const Reading reading = check(*route.contract, reply.http_status, "application/json", reply.body);
  return judge(route, {}, reply, reading, plan.require_evidence);
}

Reply ok(std::vector<Header> headers, const std::string& model = "small-model") {
  Reply reply = tests::chat_ok();
  const std::size_t at = reply.body.find("small-model");
  reply.body.replace(at, std::string_view("small-model").size(), model);
  reply.headers.insert(reply.headers.end(), headers.begin(), headers.end());
  return reply;
}

std::vector<Header> litellm(const char* retries, const char* fallbacks) {
  return {{"x-litellm-attempted-retries", retries},
          {"x-litellm-attempted-fallbacks", fallbacks},
          {"x-litellm-model-group", "small-model"}};
}

TEST(GatewayAttempt, CarriesTheCountsOfTheReplysHeaders) {
  const ProbePlan plan = tests::gateway_plan(Gateway::litellm);
  const Attempt attempt = judged(plan, ok(litellm("2", "0")));
  EXPECT_EQ(attempt.gateway_retries, 2U);
  EXPECT_EQ(attempt.gateway_fallbacks, 0U);
  EXPECT_TRUE(attempt.usable());
}

TEST(GatewayAttempt, CarriesTheCountsOfAFailedReplyToo) {
  const ProbePlan plan = tests::gateway_plan(Gateway::envoy);
  EXPECT_EQ(judged(plan, tests::throttled({{"x-envoy-attempt-count", "3"}})).gateway_retries, 2U);
  const Fault broken{Reason::truncated, 429, tests::throttled({{"x-envoy-attempt-count", "4"}})};
  EXPECT_EQ(judge(*plan.routes.front(), {}, broken, {}).gateway_retries, 3U);
}

TEST(GatewayAttempt, CountsNothingWhereTheProviderIsNoGateway) {
  const Attempt attempt = judged(tests::walk_plan(), ok(litellm("2", "1")));
  EXPECT_EQ(attempt.gateway_retries, unknown);
  EXPECT_EQ(attempt.gateway_fallbacks, unknown);
}

struct ModelCase {
  Gateway gateway;
  const char* asked;
  std::vector<Header> headers;
  const char* in_body;
  ServedModelMatch match;
};

TEST(ServedModel, IsWhatTheGatewaySaysFirstAndTheBodySecond) {
  using enum ServedModelMatch;
  for (const ModelCase& row : std::vector<ModelCase>{
           {Gateway::none, "m", {}, "m", same},
           {Gateway::ngrok, "m", {{"ngrok-aig-model", "m"}}, "vendor-name", same},
           {Gateway::ngrok, "m", {{"ngrok-aig-model", "other"}}, "m", different},
           {Gateway::ngrok, "google:m", {{"ngrok-aig-model", "m"}}, "x", same},
           {Gateway::ngrok, "google:m", {{"ngrok-aig-model", "other"}}, "m", different},
           {Gateway::litellm, "m", {}, "m", absent},
           {Gateway::litellm, "m", {{"x-litellm-model-group", "backup"}}, "m", different},
           {Gateway::azure, "mine", {{"x-ms-deployment-name", "mine"}}, "m-2026-07-01", same},
           {Gateway::azure, "m", {}, "m-2026-07-01", same},
           {Gateway::cloudflare, "openai/m", {}, "m-2026-07-01", same},
           {Gateway::openrouter, "openai/m", {}, "openai/m", same},
           {Gateway::openrouter, "openai/m", {}, "other/m", different},
       }) {
    ProbePlan plan = tests::gateway_plan(row.gateway);
    auto route = std::make_shared<Route>(*plan.routes.front());
    route->model = row.asked;
    plan.routes.front() = route;
    EXPECT_EQ(word(judged(plan, ok(row.headers, row.in_body)).served_model_match), word(row.match))
        << word(row.gateway) << ' ' << row.asked;
  }
}

TEST(RequiredEvidence, IsAFindingForEachFactThatAUsableReplyDoesNotTell) {
  ProbePlan plan = tests::gateway_plan(Gateway::litellm);
  plan.require_evidence = {Evidence::retries, Evidence::fallbacks, Evidence::served_model};
  EXPECT_THAT(judged(plan, ok(litellm("0", "0"))).findings, IsEmpty());
  EXPECT_THAT(judged(plan, ok({{"x-litellm-attempted-retries", "0"}})).findings,
              ElementsAre(Finding{FindingCode::gateway_evidence_missing, "gateway.fallbacks"},
                          Finding{FindingCode::gateway_evidence_missing, "gateway.served_model"}));
}

TEST(RequiredEvidence, IsMissingWhereItCannotBeRead) {
  ProbePlan plan = tests::gateway_plan(Gateway::litellm);
  plan.require_evidence = {Evidence::retries};
  EXPECT_THAT(judged(plan, ok(litellm("some", "0"))).findings,
              ElementsAre(Finding{FindingCode::gateway_evidence_missing, "gateway.retries"}));
}

TEST(RequiredEvidence, IsThereWhereTheGatewaySaysThatItDoesNotKnowTheNumber) {
  ProbePlan plan = tests::gateway_plan(Gateway::litellm);
  plan.require_evidence = {Evidence::retries, Evidence::fallbacks};
  const Attempt attempt = judged(plan, ok(litellm("0", "1")));
  EXPECT_THAT(attempt.findings, IsEmpty());
  EXPECT_EQ(attempt.gateway_retries, unknown);
}

TEST(RequiredEvidence, IsAskedOfUsableRepliesThroughAGatewayOnly) {
  ProbePlan plan = tests::gateway_plan(Gateway::litellm);
  plan.require_evidence = {Evidence::retries};
  EXPECT_THAT(judged(plan, tests::throttled()).findings,
              testing::Each(testing::Field(&Finding::code, FindingCode::error_object)));
  ProbePlan direct = tests::walk_plan();
  direct.require_evidence = {Evidence::retries};
  EXPECT_THAT(judged(direct, ok({})).findings, IsEmpty());
}

}  // namespace
}  // namespace smokeledger::probes::core
