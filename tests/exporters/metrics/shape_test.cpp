#include <gtest/gtest.h>

#include "tests/exporters/metrics/samples.h"
#include "tests/support/plans.h"

namespace smokeledger::exporters::metrics {
namespace {

std::shared_ptr<const core::ProbePlan> plan(
    std::string name, std::vector<std::shared_ptr<const core::Route>> routes) {
  auto made = std::make_shared<core::ProbePlan>();
  made->name = std::move(name);
  made->routes = std::move(routes);
  return made;
}

TEST(MetricsShape, NamesEachPairOfFamilyAndProviderOnce) {
  const auto chat = tests::route("chat-primary", "cometapi");
  const auto chat_again = tests::route("chat-second", "cometapi");
  const auto fallback = tests::route("fallback", "openai", tests::responses_contract());
  const auto shape =
      shape_of({plan("walk", {chat, chat_again, fallback}), plan("direct", {fallback})});
  EXPECT_EQ(shape.probes, (std::vector<std::string>{"direct", "walk"}));
  EXPECT_EQ(shape.providers, (std::vector<std::string>{"cometapi", "openai"}));
  EXPECT_EQ(shape.family_providers,
            (std::vector<std::pair<std::string, std::string>>{{"chat_completions", "cometapi"},
                                                              {"responses", "openai"}}));
}

TEST(MetricsShape, NamesThePairsThatGoThroughAGateway) {
  const auto chat = tests::route("chat-primary", "cometapi");
  const auto by_gateway = tests::through(core::Gateway::portkey, *tests::route("by", "portkey"));
  const auto shape = shape_of({plan("walk", {by_gateway, chat}), plan("direct", {by_gateway})});
  EXPECT_EQ(shape.behind_gateways,
            (std::vector<std::pair<std::string, std::string>>{{"chat_completions", "portkey"}}));
  EXPECT_EQ(shape.family_providers.size(), 2U);
}

TEST(MetricsShape, NamesTheDrillsAmongTheProbes) {
  auto drill = std::make_shared<core::ProbePlan>(*plan("drill-client", {}));
  drill->mode = core::Mode::drill;
  const auto shape = shape_of({plan("walk", {}), drill});
  EXPECT_EQ(shape.probes, (std::vector<std::string>{"drill-client", "walk"}));
  EXPECT_EQ(shape.drills, (std::vector<std::string>{"drill-client"}));
}

TEST(MetricsShape, CountsWhatAGatewayMayTellFromTheStart) {
  auto shape = small_shape();
  const auto before = series_count(shape);
  shape.behind_gateways.emplace_back("responses", "openai");
  EXPECT_EQ(series_count(shape) - before, 3U);
  Metrics metrics("0.1.0");
  metrics.use_shape(shape);
  const auto samples = samples_of(metrics.text());
  EXPECT_EQ(samples.count("smokeledger_retries_total{family=\"responses\",layer=\"gateway\","
                          "provider=\"openai\",reason=\"unknown\"}"),
            1U);
  EXPECT_EQ(samples.count("smokeledger_fallback_taken_total{family=\"responses\","
                          "layer=\"gateway\",provider=\"openai\"}"),
            1U);
  EXPECT_EQ(samples.count("smokeledger_evidence_missing_total{family=\"responses\","
                          "provider=\"openai\"}"),
            1U);
}

TEST(MetricsShape, CountsExactlyTheSeriesThatAFilledRegistryShows) {
  const auto shape = small_shape();
  Metrics metrics("0.1.0");
  metrics.use_shape(shape);
  metrics.set_ledger_seq(1);
  metrics.restore_reviews({});
  metrics.set_packets({});
  metrics.set_checkpoint("staging-0a1b2c3d", 1, {});
  metrics.set_config_sha256("0123456789abcdef0123");
  metrics.set_reload(true, core::WallTime{});
  for (const auto& probe : shape.probes) {
    metrics.set_next_due(probe, core::WallTime{});
    metrics.set_last_outcome(probe, core::WallTime{});
  }
  metrics.set_contracts_reviewed({{core::EndpointFamily::chat_completions, core::WallTime{}},
                                  {core::EndpointFamily::responses, core::WallTime{}}});
  EXPECT_EQ(samples_of(metrics.text()).size(), series_count(shape));
}

TEST(MetricsShape, CostsSevenSeriesForEachFurtherProbe) {
  auto shape = small_shape();
  const auto before = series_count(shape);
  shape.probes.push_back("another");
  EXPECT_EQ(series_count(shape) - before, 7U);
}

TEST(MetricsShape, CostsEightSeriesForEachFurtherDrill) {
  auto shape = small_shape();
  const auto before = series_count(shape);
  shape.probes.push_back("drill-client");
  shape.drills.push_back("drill-client");
  EXPECT_EQ(series_count(shape) - before, 8U);
}

TEST(MetricsShape, CostsOneMoreSeriesForAFamilyThatIsNotInUseYet) {
  auto shape = small_shape();
  const auto before = series_count(shape);
  shape.family_providers.emplace_back("messages", "cometapi");
  EXPECT_EQ(series_count(shape) - before, 52U + 1U);
}

TEST(MetricsShape, CostsFiftyTwoSeriesForEachFurtherPairAsThePageSays) {
  auto shape = small_shape();
  const auto before = series_count(shape);
  shape.family_providers.emplace_back("responses", "cometapi");
  EXPECT_EQ(series_count(shape) - before, 52U);
}

}  // namespace
}  // namespace smokeledger::exporters::metrics
