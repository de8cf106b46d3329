#include "daemon/alert_hook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/packet_desk.h"

namespace smokeledger::daemon {
namespace {

using exporters::web::WebRequest;
using exporters::web::WebResponse;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view delivery =
    R"({"version":"4","groupKey":"{}:{probe=\"chat-walk\"}","truncatedAlerts":0,"status":"firing",)"
    R"("receiver":"smokeledger","groupLabels":{},"commonLabels":{},"commonAnnotations":{},)"
    R"("externalURL":"http://127.0.0.1:9093","alerts":[{"status":"firing",)"
    R"("labels":{"alertname":"Escalated","probe":"chat-walk"},)"
    R"("annotations":{"summary":"Probe chat-walk was escalated."},)"
    R"("startsAt":"2026-11-21T11:00:00Z","endsAt":"0001-01-01T00:00:00Z",)"
    R"("generatorURL":"http://127.0.0.1:9090","fingerprint":"0011223344556677"}]})";

struct Hook {
  WebResponse post(std::string_view body, std::string authorization = "Bearer tok") {
    WebRequest request;
    request.method = "POST";
    request.path = "/hooks/alertmanager";
    request.authorization = std::move(authorization);
    request.body = body;
    WebResponse response;
    response.status = 0;
    route.handler(request, [&](WebResponse given) { response = std::move(given); });
    desk.settle();
    return response;
  }

  tests::PacketDesk desk;
  std::string token = "tok";
  exporters::web::WebRoute route = alert_hook(*desk.keeper, [this] {
    return token.empty() ? nullptr : std::make_shared<const probes::run::Secret>(token);
  });
};

TEST(AlertHook, TakesADeliveryAndNamesTheLineThatIsDurable) {
  Hook hook;
  const auto response = hook.post(delivery);
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("staging-"));
  EXPECT_EQ(hook.post(delivery).body, "Nothing new.\n");
  EXPECT_THAT(hook.desk.events, ElementsAre("opened"));
}

TEST(AlertHook, OpensNoSecondPacketForWhatWasObservedOfAFamilyOverAllProbes) {
  Hook hook;
  std::string family(delivery);
  const std::string_view probe = R"("probe":"chat-walk"})";
  family.replace(family.find(probe), probe.size(), R"("family":"responses","about":"families"})");
  hook.post(delivery);
  const auto response = hook.post(family);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "Nothing new.\n");
  EXPECT_THAT(hook.desk.events, ElementsAre("opened"));
}

TEST(AlertHook, WritesNothingWithoutTheToken) {
  Hook hook;
  for (const char* given :
       {"", "tok", "Bearer", "Bearer ", "Bearer to", "Bearer tokk", "bearer tok", "Basic dG9r"}) {
    EXPECT_EQ(hook.post(delivery, given).status, 401) << given;
  }
  hook.token = "other";
  EXPECT_EQ(hook.post(delivery).status, 401) << "exchanged while the service runs";
  hook.token.clear();
  EXPECT_EQ(hook.post(delivery).status, 404);
  EXPECT_THAT(hook.desk.events, IsEmpty());
}

TEST(AlertHook, RefusesWhatCannotBeReadAndRepeatsNothingOfIt) {
  Hook hook;
  for (const char* body : {"", "{", "[]", R"({"version":"3"})", R"({"version":"4<script>"})"}) {
    const auto response = hook.post(body);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_THAT(response.body, Not(HasSubstr("script")));
  }
  EXPECT_THAT(hook.desk.events, IsEmpty());
}

TEST(AlertHook, AsksForAnotherTryWhereTheLedgerDoesNotTakeIt) {
  Hook hook;
  hook.desk.disk.break_now();
  EXPECT_EQ(hook.post(delivery).status, 503);
}

}  // namespace
}  // namespace smokeledger::daemon
