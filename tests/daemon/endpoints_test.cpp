#include "daemon/endpoints.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using exporters::web::WebRequest;
using exporters::web::WebResponse;
using exporters::web::WebRoute;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;
using tests::ServiceHouse;
using tests::service::hourly;

// The answer of the route with this path; it may come from another thread.
WebResponse ask(const std::vector<WebRoute>& routes,
                const std::string& path,
                const WebRequest& request = {}) {
  for (const auto& route : routes) {
    if (route.path != path) continue;
    std::promise<WebResponse> answer;
    route.handler(request, [&](WebResponse response) { answer.set_value(std::move(response)); });
    return answer.get_future().get();
  }
  ADD_FAILURE() << "no route " << path;
  return {};
}

std::vector<std::string> paths(const std::vector<WebRoute>& routes) {
  std::vector<std::string> all;
  for (const auto& route : routes) all.push_back(route.method + ' ' + route.path);
  return all;
}

std::string ledger_name(const ServiceHouse& house) {
  const std::string id =
      house.lines.empty() ? "staging-0badcafe-0" : house.lines.front().ledger_id();
  return id.substr(0, id.rfind('-'));
}

// The loopback listener's routes over a house.
struct Local {
  explicit Local(ServiceHouse& house)
      : pages({projections,
               house.dir.path(),
               ledger_name(house),
               "smokeledger 0.1.0",
               1000,
               {},
               {},
               [] {
                 return core::Stamp{tests::at("2026-11-21T12:00:00Z"), {}, {}};
               }}),
        routes(local_routes(projections, pages, [this] { return ready; })) {}

  bool ready = false;
  Projections projections{"0.1.0"};
  ReviewPages pages;
  std::vector<WebRoute> routes;
};

// The control socket's routes over a house.
struct Control {
  explicit Control(ServiceHouse& house)
      : reviewer(house.journal(), house.clock),
        repeater({projections,
                  [&house](auto work) { house.io.post(std::move(work)); },
                  house.service(),
                  house.dir.path()}),
        routes(control_routes(house.service(), reviewer, repeater, "staging-0badcafe")) {}

  // What is read on the projections thread was read.
  void settle() {
    std::promise<void> read;
    projections.post([&](exporters::metrics::Metrics&) { read.set_value(); });
    read.get_future().wait();
  }

  Projections projections{"0.1.0"};
  ContractReviewer reviewer;
  Repeater repeater;
  std::vector<WebRoute> routes;
};

TEST(Endpoints, ThatCauseCallsAreOnTheControlSocketAloneAndNoneIsAGet) {
  Projections projections("0.1.0");
  ServiceHouse house({});
  house.start();
  EXPECT_THAT(paths(metrics_routes(projections)),
              UnorderedElementsAre("GET /metrics", "GET /-/healthy"));
  EXPECT_THAT(paths(Local(house).routes),
              UnorderedElementsAre("GET /metrics",
                                   "GET /-/healthy",
                                   "GET /-/ready",
                                   "GET /",
                                   "GET /line/*",
                                   "GET /page.css"));
  EXPECT_THAT(paths(Control(house).routes),
              ElementsAre("POST /v1/once", "POST /v1/contract-reviews"));
}

TEST(Metrics, AreServedFromTheProjectionsThreadAfterWhatWasToldBefore) {
  Projections projections("0.1.0");
  projections.post([](exporters::metrics::Metrics& metrics) { metrics.count_append_failure(); });
  const auto answer = ask(metrics_routes(projections), "/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, exporters::metrics::text_content_type);
  EXPECT_THAT(answer.body, HasSubstr("\nsmokeledger_ledger_append_failures_total 1\n"));
}

TEST(Ready, IsSaidOnlyWhenItIsTrueNow) {
  ServiceHouse house({});
  Local local(house);
  EXPECT_EQ(ask(local.routes, "/-/ready").status, 503);
  local.ready = true;
  EXPECT_EQ(ask(local.routes, "/-/ready").status, 200);
  local.ready = false;
  EXPECT_EQ(ask(local.routes, "/-/ready").status, 503);
}

TEST(ReviewPages, ShowWhatIsConfiguredDueAndRecorded) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(2h);
  Local local(house);
  config::Config config;
  config.environment = "staging";
  config.probes = house.plans;
  local.pages.use(config, {});
  local.pages.set_next_due("a", tests::at("2026-11-21T12:30:00Z"));
  local.pages.observe(house.lines);
  const auto answer = ask(local.routes, "/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(answer.body, HasSubstr("2026-11-21T12:30:00Z"));
  const auto link = answer.body.find("/line/staging-");
  ASSERT_NE(link, std::string::npos);
  WebRequest request;
  request.path = answer.body.substr(link, answer.body.find('"', link) - link);
  const auto line = ask(local.routes, "/line/*", request);
  EXPECT_EQ(line.status, 200) << request.path;
  EXPECT_THAT(line.body, HasSubstr("What was decided"));
  EXPECT_EQ(ask(local.routes, "/page.css").content_type, "text/css; charset=utf-8");
}

TEST(ReviewPages, AreRefusedWhereTooManyWaitAndNotKeptWaiting) {
  ServiceHouse house({});
  house.start();
  Local local(house);
  std::promise<void> gate;
  local.projections.post([&](exporters::metrics::Metrics&) { gate.get_future().wait(); });
  std::promise<void> all;
  int answered = 0;
  std::vector<int> refused;
  for (int i = 0; i < 6; ++i) {
    local.routes.at(3).handler({}, [&](const WebResponse& response) {
      if (response.status != 200) refused.push_back(response.status);
      if (++answered == 6) all.set_value();
    });
  }
  EXPECT_THAT(refused, ElementsAre(503, 503));
  gate.set_value();
  all.get_future().wait();
  EXPECT_EQ(refused.size(), 2U);
}

TEST(ReviewPages, ReadThePastBehindWhatElseIsWaiting) {
  ServiceHouse house({hourly("a")});
  house.start();
  house.advance(2h);
  Local local(house);
  local.pages.read_back();
  std::string body;
  for (int turns = 0; turns < 1000; ++turns) {
    body = ask(local.routes, "/").body;
    if (body.find("not counted") == std::string::npos) break;
  }
  EXPECT_EQ(body.find("not counted"), std::string::npos);
}

TEST(Once, RunsTheNamedProbesAndAnswersWithTheirLines) {
  ServiceHouse house({hourly("a"), hourly("b"), hourly("c")});
  house.random = tests::ListedDraws({0.5});
  house.start();
  Control control(house);
  std::vector<WebResponse> answers;
  WebRequest request;
  request.query = "probe=a&other=x&probe=c";
  request.peer_uid = 1000;
  control.routes.at(0).handler(
      request, [&](WebResponse response) { answers.push_back(std::move(response)); });
  EXPECT_TRUE(answers.empty()) << "not before the lines are durable";
  house.advance(1min);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 200);
  EXPECT_EQ(answers[0].content_type, "application/json");
  EXPECT_THAT(answers[0].body, HasSubstr(R"("check_id":"a-20261121-001")"));
  EXPECT_THAT(answers[0].body, HasSubstr(R"("check_id":"c-20261121-001")"));
  ASSERT_EQ(house.transport.sent.size(), 2U);
  EXPECT_EQ(house.transport.sent[0].line.caller_uid, 1000U);
}

TEST(Once, LikeAnOutcomeThatIsNotThereSaysSo) {
  ServiceHouse house({hourly("a")});
  house.start();
  Control control(house);
  std::vector<WebResponse> answers;
  WebRequest request;
  request.query = "like=staging-0badcafe-7";
  control.routes.at(0).handler(
      request, [&](WebResponse response) { answers.push_back(std::move(response)); });
  control.settle();
  house.settle();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 200);
  EXPECT_EQ(answers[0].body,
            R"({"results":[{"probe":"","not_run":)"
            R"("no outcome has the ledger id staging-0badcafe-7"}]})"
            "\n");
}

TEST(Once, IsOfOneOutcomeOrOfProbes) {
  ServiceHouse house({hourly("a")});
  house.start();
  Control control(house);
  for (const char* query : {"like=x-1&probe=a", "like=x-1&like=x-2"}) {
    WebRequest request;
    request.query = query;
    std::vector<WebResponse> answers;
    control.routes.at(0).handler(
        request, [&](WebResponse response) { answers.push_back(std::move(response)); });
    ASSERT_EQ(answers.size(), 1U) << query;
    EXPECT_EQ(answers[0].status, 400) << query;
  }
  EXPECT_TRUE(house.lines.empty());
}

// The answers of the control socket to this query about a contract's review.
std::vector<WebResponse> reviewed(ServiceHouse& house, const std::string& query) {
  Control control(house);
  control.reviewer.use({tests::chat_contract(), tests::responses_contract()});
  std::vector<WebResponse> answers;
  WebRequest request;
  request.query = query;
  request.peer_uid = 1000;
  control.routes.at(1).handler(
      request, [&](WebResponse response) { answers.push_back(std::move(response)); });
  house.settle();
  return answers;
}

TEST(ContractReviews, AreRecordedForWhoAskedAndAnsweredWithTheirLedgerId) {
  ServiceHouse house({});
  house.start();
  const auto answers = reviewed(house, "family=responses&initials=AB");
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 200);
  const auto& record = house.lines.back();
  EXPECT_EQ(answers[0].body, R"({"ledger_id":")" + record.ledger_id() + "\"}\n");
  const auto& review = std::get<core::ContractReviewLine>(record.line()).review;
  EXPECT_EQ(review.family, core::EndpointFamily::responses);
  EXPECT_EQ(review.contract_version, tests::responses_contract()->version);
  EXPECT_EQ(review.initials, "AB");
  EXPECT_EQ(review.caller_uid, 1000U);
}

TEST(ContractReviews, OfAnUnknownFamilyOrByNobodyAreRefused) {
  ServiceHouse house({});
  house.start();
  for (const char* query : {"",
                            "family=responses",
                            "initials=AB",
                            "family=chat&initials=AB",
                            "family=responses&initials=ab",
                            "family=responses&initials=A%42",
                            "family=responses&family=messages&initials=AB"}) {
    const auto answers = reviewed(house, query);
    ASSERT_EQ(answers.size(), 1U) << query;
    EXPECT_EQ(answers[0].status, 400) << query;
    EXPECT_THAT(answers[0].body, HasSubstr("refused")) << query;
  }
  EXPECT_TRUE(house.lines.empty());
}

TEST(ContractReviews, ThatCannotBeWrittenAreNotAnsweredAsRecorded) {
  ServiceHouse house({});
  house.start();
  house.disk.break_now();
  const auto answers = reviewed(house, "family=responses&initials=AB");
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].status, 503);
}

TEST(OnceResults, RepeatTheLineAsItStandsInTheLedger) {
  ServiceHouse house({hourly("a")});
  house.random = tests::ListedDraws({0.5});
  house.start();
  const auto results = house.run_now({"a"});
  ASSERT_EQ(results.size(), 1U);
  ASSERT_TRUE(results[0].outcome);
  const std::string id = results[0].outcome->ledger_id();
  const std::string name = id.substr(0, id.find_last_of('-'));
  house.crash();
  std::string on_disk;
  for (const auto& segment : tests::segment_files(house.dir.path())) {
    on_disk = tests::split_lines(tests::read_bytes(segment)).back();
  }
  EXPECT_EQ(once_results(results, name), R"({"results":[{"probe":"a","line":)" + on_disk + "}]}\n");
}

TEST(LikeResults, HaveBothLines) {
  Repeated repeated{R"({"v":1})", {"a", std::nullopt, "why", std::nullopt}};
  EXPECT_EQ(like_results(repeated, "staging-0badcafe"),
            R"({"then":{"v":1},"results":[{"probe":"a","not_run":"why"}]})"
            "\n");
}

TEST(OnceResults, SayWhyAProbeWasNotRunAndFromWhenItMay) {
  const std::vector<ManualResult> results{
      {"a", std::nullopt, "a \"reason\"", tests::at("2026-11-21T08:10:00Z")},
      {"b", std::nullopt, "no probe of this name is configured", std::nullopt}};
  const std::string json = once_results(results, "staging-0badcafe");
  EXPECT_EQ(json,
            R"({"results":[{"probe":"a","not_run":"a \"reason\"",)"
            R"("allowed_from":"2026-11-21T08:10:00Z"},)"
            R"({"probe":"b","not_run":"no probe of this name is configured"}]})"
            "\n");
  simdjson::dom::parser parser;
  EXPECT_EQ(parser.parse(json).error(), simdjson::SUCCESS);
}

}  // namespace
}  // namespace smokeledger::daemon
