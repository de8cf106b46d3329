#include "exporters/metrics/rules.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/metrics/metrics.h"
#include "probes/core/claims_guard.h"
#include "tests/exporters/metrics/promtool.h"
#include "tests/exporters/metrics/rule_cases.h"
#include "tests/support/plans.h"

namespace smokeledger::exporters::metrics {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Plans = std::vector<std::shared_ptr<const core::ProbePlan>>;

constexpr const char* needs = "promtool is needed: install the Debian package prometheus";

core::ProbePlan every_half_hour(core::ProbePlan plan, const std::string& name) {
  plan.name = name;
  plan.schedule.interval = minutes(30);
  plan.schedule.backoff_cap = minutes(30);
  plan.schedule.jitter = 0;
  return plan;
}

core::ProbePlan drill_plan(core::DrillOf of) {
  core::ProbePlan plan = tests::walk_plan();
  plan.mode = core::Mode::drill;
  plan.drill = core::DrillPlan{.of = of, .scripts = {"throttled"}};
  return plan;
}

// chat-walk, gateway-chat with required evidence, drill-walk, drill-client, expects-escalate and
// expects-failure: each every 30 minutes, so that WINDOW is 75 minutes.
Plans sample_plans() {
  std::vector<core::ProbePlan> plans{
      every_half_hour(tests::walk_plan(), "chat-walk"),
      every_half_hour(tests::gateway_plan(), "gateway-chat"),
      every_half_hour(drill_plan(core::DrillOf::walk), "drill-walk"),
      every_half_hour(drill_plan(core::DrillOf::client), "drill-client"),
      every_half_hour(tests::walk_plan(), "expects-escalate"),
      every_half_hour(tests::walk_plan(), "expects-failure")};
  plans[1].require_evidence = {core::Evidence::retries};
  plans[4].expect = core::Expectation::escalate;
  plans[5].expect = core::Expectation::controlled_failure;
  Plans list;
  for (auto& plan : plans) list.push_back(std::make_shared<core::ProbePlan>(std::move(plan)));
  return list;
}

std::string sample_rules() {
  return rules_text(sample_plans(), "docs");
}

TEST(RuleWindows, AreTwoAndAHalfOfTheLongestIntervals) {
  core::Schedule schedule;
  schedule.interval = minutes(30);
  schedule.jitter = 0;
  schedule.backoff_cap = minutes(0);
  EXPECT_EQ(rule_window(schedule), minutes(75));
  schedule.jitter = 0.1;
  EXPECT_EQ(rule_window(schedule), minutes(83));
  schedule.backoff_cap = hours(4);
  EXPECT_EQ(rule_window(schedule), minutes(660));
  schedule.interval = hours(24 * 7);
  EXPECT_GE(rule_window(schedule), minutes(hours(24 * 7)) * 5 / 2);
}

TEST(Rules, AreWrittenOncePerWindowOfTheirProbes) {
  auto plans = sample_plans();
  auto daily = every_half_hour(tests::walk_plan(), "daily");
  daily.schedule.interval = hours(24);
  plans.push_back(std::make_shared<core::ProbePlan>(daily));
  const auto text = rules_text(plans, "https://wiki.example/smokeledger");
  EXPECT_THAT(text, HasSubstr(R"({decision="escalate",probe=~"chat-walk|gateway-chat"}[75m])"));
  EXPECT_THAT(text, HasSubstr(R"({decision="escalate",probe=~"daily"}[60h])"));
  EXPECT_THAT(text, HasSubstr(R"({result="rejected"}[60h])")) << "of the host: the longest";
  EXPECT_THAT(text, Not(HasSubstr("increase1d"))) << "a day is shorter than 2.5 days";
  EXPECT_THAT(text, HasSubstr("increase1w"));
  EXPECT_THAT(text,
              HasSubstr("'https://wiki.example/smokeledger/operations.md#smokeledgerescalated'"));
}

TEST(Rules, LeaveOutProbesThatTheyAreNotFor) {
  const auto text = sample_rules();
  EXPECT_THAT(text, HasSubstr(R"({decision="escalate",probe=~"chat-walk|gateway-chat"})"))
      << "none that expects to fail, nor a drill, which has its own alert";
  EXPECT_THAT(text, HasSubstr(R"(drill_deviations_total{probe=~"drill-walk|drill-client"})"))
      << "every drill, whoever starts it";
  EXPECT_THAT(
      text,
      HasSubstr(
          R"(timestamp_seconds{probe=~"chat-walk|gateway-chat|drill-walk|expects-escalate|expects-failure"})"))
      << "and no drill that a person starts";
  EXPECT_EQ(rules_text({}, "docs"), "groups: []\n");
}

TEST(Rules, ThatMayOpenAPacketNameTheirProbe) {
  for (const AlertRow& row : alerts()) {
    const bool packet = row.about == AlertAbout::routes || row.about == AlertAbout::drills;
    EXPECT_EQ(packet,
              row.summary.find("{{ $labels.probe }}") != std::string_view::npos &&
                  row.about != AlertAbout::service)
        << row.name << ": without its probe it would open another packet than the policy";
  }
}

TEST(Rules, ClaimNothing) {
  const auto claims = core::find_claims(sample_rules());
  EXPECT_THAT(claims, IsEmpty()) << claims.front().words;
}

TEST(Rules, NameOnlyMetricsThatExist) {
  std::set<std::string> known;
  for (const auto& info : catalogue()) known.insert(info.name);
  const auto text = sample_rules();
  std::size_t names = 0;
  for (auto at = text.find("smokeledger_"); at != std::string::npos; ++names) {
    const auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789", at);
    EXPECT_TRUE(known.contains(text.substr(at, end - at))) << text.substr(at, end - at);
    at = text.find("smokeledger_", end);
  }
  EXPECT_GT(names, 20U);
}

TEST(Rules, LeaveNothingToFillIn) {
  const auto text = sample_rules();
  for (const auto* word : {"PROBES", "WINDOW", "LONGER", "SECONDS", "DAY", "REVIEW"}) {
    EXPECT_THAT(text, Not(HasSubstr(word)));
  }
}

TEST(Rules, HaveASectionOfTheRunbookEach) {
  std::ifstream in(SMOKELEDGER_SOURCE_DIR "/docs/operations.md");
  const std::string page(std::istreambuf_iterator<char>(in), {});
  for (const AlertRow& row : alerts()) {
    const bool there = page.find("\n### " + std::string(row.name) + "\n") != std::string::npos;
    EXPECT_TRUE(there) << row.name;
  }
}

TEST(Promtool, AcceptsTheRules) {
  const auto result = promtool("check rules --lint-fatal", sample_rules());
  EXPECT_EQ(result.exit_code, 0) << needs << '\n' << result.output;
}

std::string test_begins(const std::string& name,
                        const std::string& interval,
                        const std::vector<std::pair<std::string, std::string>>& series) {
  std::string yaml = "  - name: '" + name + "'\n    interval: " + interval + "\n    input_series:";
  if (series.empty()) yaml += " []";
  for (const auto& [one, values] : series) {
    yaml += "\n      - series: '" + one + "'\n        values: '" + values + "'";
  }
  return yaml;
}

std::string as_yaml(const RuleCase& one) {
  std::string yaml = test_begins(
      one.alert + ": " + std::string(core::word(one.kind)) + ", " + one.name, "1m", one.series);
  yaml +=
      "\n    alert_rule_test:\n      - eval_time: " + one.at + "\n        alertname: " + one.alert;
  if (one.summary.empty()) return yaml + "\n        exp_alerts: []\n";
  std::string anchor;
  for (const char c : one.alert) anchor += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  const auto row = std::find_if(
      alerts().begin(), alerts().end(), [&](const AlertRow& of) { return of.name == one.alert; });
  const std::string about(core::word(row->about));
  const std::string more = one.labels.empty() ? "" : ", " + one.labels;
  return yaml + "\n        exp_alerts:\n          - exp_labels: {window: 75m, about: " + about +
         more + "}\n            exp_annotations:\n              summary: '" + one.summary +
         "'\n              runbook_url: 'docs/operations.md#" + anchor + "'\n";
}

std::string as_yaml(const TrendCase& one) {
  return test_begins(one.expr + ": " + one.name, "10m", one.series) +
         "\n    promql_expr_test:\n      - expr: '" + one.expr + "'\n        eval_time: " + one.at +
         "\n        exp_samples:\n          - labels: '" + one.labels +
         "'\n            value: " + std::to_string(one.value) + "\n";
}

void expect_promtool_agrees(const std::string& tests) {
  const auto rules = std::filesystem::temp_directory_path() /
                     ("smokeledger-rules-" + std::to_string(::getpid()) + ".yml");
  std::ofstream(rules) << sample_rules();
  const auto result =
      promtool("test rules",
               "rule_files: ['" + rules.string() + "']\nevaluation_interval: 5m\ntests:\n" + tests);
  std::filesystem::remove(rules);
  EXPECT_EQ(result.exit_code, 0) << needs << '\n' << result.output;
}

TEST(Promtool, SeesEveryAlertFireAndStayQuiet) {
  std::string tests;
  for (const RuleCase& one : rule_cases()) tests += as_yaml(one);
  expect_promtool_agrees(tests);
}

TEST(RuleCases, AreOfEveryKindForEveryAlert) {
  std::set<std::pair<std::string_view, CaseKind>> there;
  const auto cases = rule_cases();
  for (const RuleCase& one : cases) {
    there.emplace(one.alert, one.kind);
    if (one.kind == CaseKind::fires) {
      EXPECT_NE(one.summary, "") << one.alert << ": " << one.name;
    }
    if (one.kind == CaseKind::quiet) {
      EXPECT_EQ(one.summary, "") << one.alert << ": " << one.name;
    }
    const bool stops = std::any_of(one.series.begin(), one.series.end(), [](const auto& series) {
      return series.second.find("stale") != std::string::npos;
    });
    if (one.kind == CaseKind::restart) {
      EXPECT_TRUE(stops) << one.alert << ": " << one.name;
    }
  }
  for (const AlertRow& row : alerts()) {
    for (const CaseKind kind : core::every<CaseKind>()) {
      EXPECT_TRUE(there.contains({row.name, kind})) << row.name << ": " << core::word(kind);
    }
  }
}

TEST(Promtool, SeesTrendsWithTheLabelsOfTheirTarget) {
  std::string tests;
  for (const TrendCase& one : trend_cases()) tests += as_yaml(one);
  expect_promtool_agrees(tests);
}

}  // namespace
}  // namespace smokeledger::exporters::metrics
