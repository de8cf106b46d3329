#include "exporters/metrics/open_metrics.h"

#include <algorithm>
#include <chrono>
#include <ostream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <prometheus/counter.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "tests/exporters/metrics/samples.h"

namespace smokeledger::exporters::metrics {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

const core::WallTime half_past_eight = *core::parse_utc("2026-11-21T08:30:00Z");

TEST(Accept, AsksForOpenMetricsByNameOnly) {
  for (const auto* accept : {
           "application/openmetrics-text",
           "application/openmetrics-text;version=1.0.0",
           "application/openmetrics-text; version=\"1.0.0\"; charset=utf-8",
           "APPLICATION/OpenMetrics-Text;Version=1.0.0",
           "text/html, application/openmetrics-text;version=1.0.0",
           // Prometheus 2.42 and 2.50
           "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
           "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
           "application/openmetrics-text;version=1.0.0;q=0.5,"
           "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/"
           "*;q=0.2",
       }) {
    EXPECT_TRUE(asks_for_open_metrics(accept)) << accept;
  }
  for (const auto* accept : {
           "",
           "*/*",
           "text/plain",
           "text/plain;version=0.0.4;q=1,*/*;q=0.1",
           "application/*",
           "application/openmetrics-text;version=0.0.1",
           "application/openmetrics-text;version=2.0.0",
           "application/openmetrics-text;q=0",
           "application/openmetrics-text;q=nan",
           "application/openmetrics-text;q=x",
           "application/openmetrics-text;q=0.2, text/plain;q=0.3",
           "application/openmetrics-textual",
           ";;,,;=,q=1",
           "application/openmetrics-text;version=\"",
       }) {
    EXPECT_FALSE(asks_for_open_metrics(accept)) << accept;
  }
}

TEST(OpenMetrics, NamesTheLineOfEachCountersLastIncrement) {
  TemporaryLedger ledger;
  Metrics metrics("0.1.0");
  metrics.use_shape(small_shape());
  const auto records = ledger.append(
      {attempt_line(), attempt_line(), fallback_outcome(), paused_outcome(core::Gap::credential)},
      half_past_eight);
  for (const auto& record : records) metrics.observe(record);
  const auto exemplar = [&](std::size_t line, const char* by) {
    return " # {ledger_id=\"" + records[line].ledger_id() + "\"} " + by + " 1795249800\n";
  };
  const auto text = metrics.open_metrics();
  EXPECT_THAT(
      text,
      HasSubstr(R"(smokeledger_attempts_total{family="chat_completions",provider="cometapi"} 2)" +
                exemplar(1, "1")));
  EXPECT_THAT(
      text,
      HasSubstr(R"(smokeledger_decisions_total{decision="use_fallback",probe="chat-walk"} 1)" +
                exemplar(2, "1")));
  EXPECT_THAT(
      text,
      HasSubstr(R"(smokeledger_tokens_reported_total{direction="input",provider="openai"} 12)" +
                exemplar(2, "12")));
  EXPECT_THAT(text,
              HasSubstr(R"(smokeledger_paused_total{gap="credential"} 1)" + exemplar(3, "1")));
  EXPECT_THAT(text, HasSubstr("smokeledger_paused_total{gap=\"budget\"} 0\n"));
}

TEST(OpenMetrics, ReplacesTheExemplarWithTheNextIncrement) {
  TemporaryLedger ledger;
  Metrics metrics("0.1.0");
  const auto first = ledger.append({attempt_line()}, half_past_eight);
  const auto second = ledger.append({attempt_line()}, half_past_eight + std::chrono::minutes(30));
  metrics.observe(first[0]);
  EXPECT_THAT(metrics.open_metrics(), HasSubstr(first[0].ledger_id()));
  metrics.observe(second[0]);
  EXPECT_THAT(metrics.open_metrics(), Not(HasSubstr(first[0].ledger_id() + '"')));
  EXPECT_THAT(metrics.open_metrics(), HasSubstr(second[0].ledger_id() + "\"} 1 1795251600\n"));
}

TEST(OpenMetrics, HasNoExemplarOfWhatWasCountedBeforeARestart) {
  Metrics metrics("0.1.0");
  metrics.restore({{{core::Counter::attempts, {"responses", "openai"}}, 123'456'789}});
  const auto text = metrics.open_metrics();
  EXPECT_THAT(
      text,
      HasSubstr(
          "smokeledger_attempts_total{family=\"responses\",provider=\"openai\"} 123456789\n"));
  EXPECT_THAT(text, Not(HasSubstr("ledger_id")));
}

TEST(OpenMetrics, KeepsALabelSetOfAtMostAHundredAndTwentyEightCharacters) {
  const std::string longest = std::string(40, 'a') + "-01234567-18446744073709551615";
  EXPECT_LE(std::string("ledger_id").size() + longest.size(), 128U);
}

TEST(OpenMetrics, DescribesFamiliesWithoutTotalAndEnds) {
  Metrics metrics("0.1.0");
  metrics.use_shape(small_shape());
  const auto text = metrics.open_metrics();
  EXPECT_THAT(text, HasSubstr("# TYPE smokeledger_attempts counter\n# HELP smokeledger_attempts "));
  EXPECT_THAT(text, HasSubstr("# TYPE smokeledger_ledger_append_failures counter\n"));
  EXPECT_THAT(text, HasSubstr("\nsmokeledger_ledger_append_failures_total 0\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE smokeledger_build_info gauge\n"));
  EXPECT_THAT(text, Not(HasSubstr("_total counter")));
  EXPECT_THAT(text, EndsWith("\n# EOF\n"));
  EXPECT_EQ(text.find("# EOF"), text.size() - 6);
}

TEST(OpenMetrics, HasTheSamplesOfTheText) {
  TemporaryLedger ledger;
  Metrics metrics("a\"b\\c\nd");
  metrics.use_shape(small_shape());
  for (const auto& record : ledger.append({core::CheckpointLine{}}, half_past_eight)) {
    metrics.observe(record);
  }
  metrics.restore({{{core::Counter::attempts, {"responses", "openai"}}, 9'007'199'254'740'991}});
  metrics.set_next_due("chat-walk", half_past_eight);
  metrics.set_checkpoint("staging-0a1b2c3d", 1, {});
  metrics.set_config_sha256("0123456789abcdef");
  metrics.set_reload(true, half_past_eight);
  EXPECT_EQ(samples_of(metrics.open_metrics()), samples_of(metrics.text()));
}

TEST(OpenMetrics, WritesNumbersThatAreNotWhole) {
  std::string text;
  OpenMetricsWriter out(text);
  out.sample("a ", 0.25);
  out.sample("a ", 1e300);
  out.sample("a ", -3);
  EXPECT_EQ(text, "a 0.25\na 1e+300\na -3\n");
}

// Shortest of some, so that another process in between does not count.
template <class Work>
std::chrono::nanoseconds shortest(Work work) {
  auto best = std::chrono::nanoseconds::max();
  for (int i = 0; i < 7; ++i) {
    const auto began = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::nanoseconds(std::chrono::steady_clock::now() - began));
  }
  return best;
}

// The counters of a shape in a registry of their own.
void fill(prometheus::Registry& registry, const std::vector<core::CounterKey>& keys, double value) {
  for (const auto& key : keys) {
    const auto& row = core::info(key.counter);
    prometheus::Labels labels;
    for (std::size_t i = 0; i < row.label_count(); ++i)
      labels.emplace(row.labels[i], key.labels[i]);
    prometheus::BuildCounter()
        .Name(std::string(core::word(key.counter)))
        .Help(std::string(row.help))
        .Register(registry)
        .Add(labels)
        .Increment(value);
  }
}

TEST(Text, IsOfCountersWhatPrometheusCppWrites) {
  for (const std::uint64_t value : {0ULL,
                                    7ULL,
                                    9'007'199'254'740'991ULL,
                                    9'007'199'254'740'994ULL,
                                    10'000'000'000'000'002ULL,
                                    18'000'000'000'000'000'000ULL}) {
    Metrics metrics("0.1.0");
    prometheus::Registry registry;
    const auto keys = keys_of(small_shape());
    metrics.use_shape(small_shape());
    for (const auto& key : keys) metrics.restore({{key, value}});
    fill(registry, keys, static_cast<double>(value));
    auto families = registry.Collect();
    for (auto& family : families) {
      std::sort(family.metric.begin(), family.metric.end(), [](const auto& a, const auto& b) {
        return a.label < b.label;
      });
    }
    const std::string theirs = prometheus::TextSerializer().Serialize(families);
    EXPECT_EQ(metrics.text().substr(0, theirs.size()), theirs);
  }
}

TEST(Scrape, CostsAtTenThousandSeriesAtMostAFifthMoreThanPrometheusCppItself) {
  MetricsShape shape;
  for (int i = 0; i < 193; ++i) {
    shape.family_providers.emplace_back("chat_completions", "provider-" + std::to_string(i));
  }
  const auto keys = keys_of(shape);
  ASSERT_GE(keys.size(), 10'000U);
  Metrics metrics("0.1.0");
  metrics.use_shape(shape);
  prometheus::Registry registry;
  fill(registry, keys, 1);
  const auto theirs = shortest([&] {
    std::ostringstream out;
    prometheus::TextSerializer().Serialize(out, registry.Collect());
    ASSERT_GT(out.str().size(), 1'000'000U);
  });
  const auto open = shortest([&] { ASSERT_GT(metrics.open_metrics().size(), 1'000'000U); });
  const auto text = shortest([&] { ASSERT_GT(metrics.text().size(), 1'000'000U); });
  const auto percent = [&](std::chrono::nanoseconds ours) { return 100 * ours / theirs; };
  RecordProperty("open_metrics_percent", static_cast<int>(percent(open)));
  RecordProperty("text_percent", static_cast<int>(percent(text)));
  EXPECT_LE(percent(text), 120) << text.count() << " ns, prometheus-cpp " << theirs.count()
                                << " ns";
  EXPECT_LE(percent(open), 120) << open.count() << " ns, prometheus-cpp " << theirs.count()
                                << " ns";
}

}  // namespace
}  // namespace smokeledger::exporters::metrics
