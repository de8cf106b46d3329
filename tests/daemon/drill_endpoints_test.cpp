// The doors of the control socket by which a command drills a client.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/endpoints.h"
#include "tests/daemon/service_house.h"

namespace smokeledger::daemon {
namespace {

using namespace std::chrono_literals;
using exporters::web::WebRequest;
using exporters::web::WebResponse;
using testing::HasSubstr;
using tests::ServiceHouse;

class DrillDoors : public testing::Test {
 protected:
  DrillDoors() : house_({tests::service::drill("sdk", core::DrillOf::client, "throttled")}) {
    house_.start();
    drills_ = std::make_unique<ClientDrills>(
        ClientDrills::Parts{house_.clock, house_.journal(), &house_.drills(), "0.1.0"});
    drills_->use(house_.plans);
  }
  // The answer of the n-th route to this query.
  WebResponse ask(std::size_t route, const std::string& query) {
    WebRequest request;
    request.query = query;
    request.peer_uid = 1000;
    std::vector<WebResponse> answers;
    drill_routes(*drills_, "staging-0badcafe").at(route).handler(request, [&](WebResponse answer) {
      answers.push_back(std::move(answer));
    });
    house_.advance(3s);
    EXPECT_EQ(answers.size(), 1U) << query;
    return answers.empty() ? WebResponse{} : answers.front();
  }

  ServiceHouse house_;
  std::unique_ptr<ClientDrills> drills_;
};

TEST_F(DrillDoors, ArePostsAlone) {
  for (const auto& route : drill_routes(*drills_, "staging-0badcafe")) {
    EXPECT_EQ(route.method, "POST") << route.path;
    EXPECT_THAT(route.path, testing::StartsWith("/v1/drill/"));
  }
}

TEST_F(DrillDoors, BeginADrillAndEndItWithItsLine) {
  const auto begun = ask(0, "probe=sdk");
  EXPECT_EQ(begun.status, 200);
  EXPECT_EQ(begun.body,
            R"({"check_id":"sdk-20261121-001",)"
            R"("stub_url":"http://127.0.0.1:9466/s/throttled","asked":1})"
            "\n");
  house_.arrivals.count({.script = "throttled"});
  const auto ended = ask(1, "probe=sdk&check_id=sdk-20261121-001&exit_code=3");
  EXPECT_EQ(ended.status, 200);
  EXPECT_THAT(ended.body, testing::StartsWith(R"({"results":[{"probe":"sdk","line":{)"));
  EXPECT_THAT(ended.body, HasSubstr(R"("rule":"drill_within_budget")"));
  EXPECT_EQ(house_.outcomes().front().caller_uid, 1000U);
}

TEST_F(DrillDoors, TakeAClientThatWasKilledOrNeverStarted) {
  for (const char* how : {"killed", "not_started"}) {
    const std::string body = ask(0, "probe=sdk").body;
    const std::string id = body.substr(body.find("sdk-"), 16);
    const auto ended = ask(1, "probe=sdk&check_id=" + id + "&client=" + how);
    EXPECT_EQ(ended.status, 200) << ended.body;
    EXPECT_THAT(ended.body, HasSubstr("client_" + std::string(how)));
  }
}

TEST_F(DrillDoors, RefuseWhatTheyCannotRead) {
  ask(0, "probe=sdk");
  for (const char* query : {"", "probe=a&probe=b", "other=sdk"}) {
    EXPECT_EQ(ask(0, query).status, 400) << query;
  }
  const std::string known = "probe=sdk&check_id=sdk-20261121-001";
  for (const char* how : {"",
                          "&exit_code=",
                          "&exit_code=x",
                          "&exit_code=-1",
                          "&exit_code=256",
                          "&exit_code=007",
                          "&client=exited",
                          "&client=none",
                          "&client=gone",
                          "&exit_code=0&client=killed",
                          "&exit_code=0&exit_code=1"}) {
    EXPECT_EQ(ask(1, known + how).status, 400) << how;
  }
  EXPECT_EQ(ask(1, "probe=sdk&exit_code=0").status, 400);
  EXPECT_TRUE(house_.outcomes().empty());
}

TEST_F(DrillDoors, SayWhyADrillCannotBeginOrEnd) {
  const auto unknown = ask(0, "probe=none");
  EXPECT_EQ(unknown.status, 409);
  EXPECT_THAT(unknown.body, HasSubstr("no client drill of this name is configured"));
  const auto never = ask(1, "probe=sdk&check_id=sdk-20261121-001&exit_code=0");
  EXPECT_EQ(never.status, 409);
  EXPECT_THAT(never.body, HasSubstr("no drill of this id is under way"));
}

}  // namespace
}  // namespace smokeledger::daemon
