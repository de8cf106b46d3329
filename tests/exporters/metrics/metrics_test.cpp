#include "exporters/metrics/metrics.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/core/state.h"
#include "tests/exporters/metrics/samples.h"

namespace smokeledger::exporters::metrics {
namespace {

using testing::HasSubstr;
using testing::Not;

const core::WallTime half_past_eight = *core::parse_utc("2026-11-21T08:30:00Z");

// A drill through a gateway that did not tell what is required of it.
core::OutcomeLine deviated_drill() {
  core::OutcomeLine line = fallback_outcome();
  core::Outcome& outcome = line.outcome;
  outcome.check_id = "drill-walk-20261121-001";
  outcome.probe = "drill-walk";
  outcome.mode = core::Mode::drill;
  outcome.attempts.resize(1);
  outcome.attempts[0].findings = {{core::FindingCode::gateway_evidence_missing, "gateway.retries"}};
  outcome.fallback_taken = core::Tristate::no;
  outcome.decision = core::Decision::escalate;
  outcome.check_result = core::CheckResult::fail;
  return line;
}

std::vector<core::Line> some_lines() {
  return {attempt_line(),
          attempt_line(),
          attempt_line(),
          fallback_outcome(),
          paused_outcome(core::Gap::credential),
          deviated_drill(),
          core::ConfigLine{std::string(64, 'b'), {"probe.chat-walk"}, 0}};
}

TEST(Metrics, HasEveryCombinationAtZeroFromTheStart) {
  Metrics metrics("0.1.0");
  metrics.use_shape(small_shape());
  const auto samples = samples_of(metrics.text());
  const auto keys = keys_of(small_shape());
  ASSERT_FALSE(keys.empty());
  for (const auto& key : keys) {
    const auto found = samples.find(sample_name(key));
    ASSERT_NE(found, samples.end()) << sample_name(key);
    EXPECT_EQ(found->second, 0) << sample_name(key);
  }
}

TEST(Metrics, CountsWhatTheLedgersFoldCounts) {
  TemporaryLedger ledger;
  Metrics metrics("0.1.0");
  metrics.use_shape(small_shape());
  for (const auto& record : ledger.append(some_lines(), half_past_eight)) metrics.observe(record);
  const auto samples = samples_of(metrics.text());
  const core::Tally counted = core::total(ledger.get().state());
  ASSERT_FALSE(counted.empty());
  for (const auto& key : keys_of(small_shape())) {
    const auto found = counted.find(key);
    EXPECT_EQ(samples.at(sample_name(key)),
              found == counted.end() ? 0 : static_cast<double>(found->second))
        << sample_name(key);
  }
}

TEST(Metrics, ProjectsARunIntoTheSeriesThatNameWhatHappened) {
  TemporaryLedger ledger;
  Metrics metrics("0.1.0");
  metrics.use_shape(small_shape());
  for (const auto& record : ledger.append(some_lines(), half_past_eight)) metrics.observe(record);
  const auto text = metrics.text();
  for (
      const auto* line : {
          R"(smokeledger_attempts_total{family="chat_completions",provider="cometapi"} 3)",
          R"(smokeledger_decisions_total{decision="use_fallback",probe="chat-walk"} 1)",
          R"(smokeledger_decisions_total{decision="paused",probe="chat-walk"} 1)",
          R"(smokeledger_fallback_taken_total{family="responses",layer="client",provider="openai"} 1)",
          R"(smokeledger_outcomes_total{family="responses",mode="walk",provider="openai",status_class="2xx"} 1)",
          R"(smokeledger_paused_total{gap="credential"} 1)",
          R"(smokeledger_retries_total{family="chat_completions",layer="client",provider="cometapi",reason="throttled"} 1)",
          R"(smokeledger_tokens_reported_total{direction="input",provider="openai"} 12)",
          R"(smokeledger_tokens_reported_total{direction="output",provider="openai"} 5)",
          R"(smokeledger_evidence_missing_total{family="chat_completions",provider="cometapi"} 1)",
          R"(smokeledger_drill_deviations_total{probe="drill-walk"} 1)",
          R"(smokeledger_last_outcome_timestamp_seconds{probe="chat-walk"} 1795249800)",
      }) {
    EXPECT_THAT(text, HasSubstr(line + std::string("\n")));
  }
}

TEST(Metrics, GoesOnAfterARestartWhereTheLedgerStands) {
  TemporaryLedger ledger;
  Metrics before("0.1.0");
  before.use_shape(small_shape());
  for (const auto& record : ledger.append(some_lines(), half_past_eight)) before.observe(record);

  Metrics after("0.1.0");
  after.restore(core::total(ledger.get().state()));
  after.use_shape(small_shape());
  after.restore_reviews(ledger.get().reviews());
  after.set_ledger_seq(ledger.get().next_seq() - 1);
  for (const auto& probe : small_shape().probes) after.set_last_outcome(probe, half_past_eight);
  EXPECT_EQ(after.text(), before.text());
}

TEST(Metrics, KeepsWhatWasCountedForAProviderThatIsNoLongerConfigured) {
  Metrics metrics("0.1.0");
  const core::CounterKey key{core::Counter::attempts, {"responses", "retired-one"}};
  metrics.restore({{key, 7}});
  metrics.use_shape(small_shape());
  EXPECT_EQ(samples_of(metrics.text()).at(sample_name(key)), 7);
}

TEST(Metrics, KeepsItsCountsWhenAReloadAddsToTheShape) {
  TemporaryLedger ledger;
  Metrics metrics("0.1.0");
  metrics.use_shape(small_shape());
  for (const auto& record : ledger.append(some_lines(), half_past_eight)) metrics.observe(record);
  auto larger = small_shape();
  larger.probes.push_back("second");
  metrics.use_shape(larger);
  const auto samples = samples_of(metrics.text());
  EXPECT_EQ(samples.at(R"(smokeledger_decisions_total{decision="escalate",probe="second"})"), 0);
  EXPECT_EQ(samples.at(R"(smokeledger_paused_total{gap="credential"})"), 1);
}

TEST(Metrics, ForgetsTheGaugesOfAProbeAndKeepsItsCounters) {
  Metrics metrics("0.1.0");
  metrics.use_shape(small_shape());
  metrics.set_next_due("chat-walk", half_past_eight);
  metrics.set_last_outcome("chat-walk", half_past_eight);
  metrics.forget_probe("chat-walk");
  metrics.forget_probe("never-known");
  const auto text = metrics.text();
  EXPECT_THAT(text, Not(HasSubstr(R"(timestamp_seconds{probe="chat-walk"})")));
  EXPECT_THAT(text,
              HasSubstr(R"(smokeledger_decisions_total{decision="escalate",probe="chat-walk"} 0)"));
  metrics.set_next_due("chat-walk", half_past_eight);
  EXPECT_THAT(metrics.text(),
              HasSubstr(R"(smokeledger_next_due_timestamp_seconds{probe="chat-walk"} 1795249800)"));
}

TEST(Metrics, ShowWhenTheContractOfEachFamilyInUseWasReviewed) {
  TemporaryLedger ledger;
  Metrics metrics("0.1.0");
  constexpr auto chat = core::EndpointFamily::chat_completions;
  metrics.set_contracts_reviewed(
      {{chat, half_past_eight}, {core::EndpointFamily::responses, half_past_eight}});
  const auto review = [](core::EndpointFamily family, core::WallTime at) {
    return core::ContractReviewLine{{family, "any/2026-07-03+0123456789ab", "AB", {}, at}};
  };
  const auto lines = ledger.append({review(chat, half_past_eight + std::chrono::hours(1)),
                                    review(chat, half_past_eight - std::chrono::hours(1)),
                                    review(core::EndpointFamily::messages, half_past_eight)},
                                   half_past_eight);
  for (const auto& record : lines) metrics.observe(record);
  const std::string name = "smokeledger_contract_reviewed_timestamp_seconds";
  auto samples = samples_of(metrics.text());
  EXPECT_EQ(samples.at(name + R"({family="chat_completions"})"), 1795249800 + 3600) << "the newer";
  EXPECT_EQ(samples.at(name + R"({family="responses"})"), 1795249800);
  EXPECT_FALSE(samples.contains(name + R"({family="messages"})")) << "no route has it";
  metrics.set_contracts_reviewed({{chat, half_past_eight}});
  samples = samples_of(metrics.text());
  EXPECT_FALSE(samples.contains(name + R"({family="responses"})")) << "no longer in use";
}

TEST(Metrics, ShowsOneConfigurationAndWhenItWasAccepted) {
  Metrics metrics("0.1.0");
  metrics.set_config_sha256("aaaaaaaaaaaaaaaaffff");
  metrics.set_reload(true, half_past_eight);
  metrics.set_config_sha256("bbbbbbbbbbbbbbbbffff");
  metrics.set_reload(false, half_past_eight + std::chrono::hours(1));
  const auto text = metrics.text();
  EXPECT_THAT(text, HasSubstr("smokeledger_config_info{sha256=\"bbbbbbbbbbbbbbbb\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("aaaa")));
  EXPECT_THAT(text, HasSubstr("smokeledger_config_last_reload_successful 0\n"));
  EXPECT_THAT(text,
              HasSubstr("smokeledger_config_last_reload_success_timestamp_seconds 1795249800\n"));
}

TEST(Metrics, SaysNothingOfItselfThatItDoesNotKnow) {
  const auto text = Metrics("0.1.0").text();
  EXPECT_THAT(text, HasSubstr("smokeledger_build_info{version=\"0.1.0\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("smokeledger_ledger_append_failures_total 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("smokeledger_ledger_seq")));
  EXPECT_THAT(text, Not(HasSubstr("reload")));
}

TEST(Metrics, CountsAppendsThatFailed) {
  Metrics metrics("0.1.0");
  metrics.count_append_failure();
  metrics.count_append_failure();
  EXPECT_THAT(metrics.text(), HasSubstr("smokeledger_ledger_append_failures_total 2\n"));
}

TEST(Metrics, CarriesTheSequenceNumberOfTheNewestLine) {
  TemporaryLedger ledger;
  Metrics metrics("0.1.0");
  for (const auto& record : ledger.append(some_lines(), half_past_eight)) metrics.observe(record);
  EXPECT_EQ(samples_of(metrics.text()).at("smokeledger_ledger_seq"),
            static_cast<double>(ledger.get().next_seq() - 1));
}

TEST(Metrics, EscapesWhatALabelMayHold) {
  Metrics metrics("a\"b\\c\nd");
  EXPECT_THAT(metrics.text(), HasSubstr(R"(smokeledger_build_info{version="a\"b\\c\nd"} 1)"));
}

TEST(Metrics, WritesTheSeriesOfAFamilyInOrder) {
  Metrics metrics("0.1.0");
  metrics.use_shape(small_shape());
  std::vector<std::string> lines;
  std::istringstream text(metrics.text());
  for (std::string line; std::getline(text, line);) {
    if (line.starts_with("smokeledger_outcomes_total{")) lines.push_back(line);
  }
  ASSERT_GT(lines.size(), 2U);
  EXPECT_TRUE(std::is_sorted(lines.begin(), lines.end()));
}

}  // namespace
}  // namespace smokeledger::exporters::metrics
