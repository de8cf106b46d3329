#include "exporters/packets/alertmanager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::tests {
namespace {

namespace core = probes::core;
using exporters::packets::max_alerts_in_a_delivery;
using exporters::packets::read_delivery;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

bool is_key(std::string_view text) {
  return text.find("sk-live-") != std::string_view::npos;
}

// As Alertmanager 0.25 sends it, shortened.
const std::string sample = R"({"receiver":"smokeledger","status":"firing","alerts":[{)"
                           R"("status":"firing","labels":{"alertname":"Escalate",)"
                           R"("probe":"chat-walk","severity":"page","team":"platform"},)"
                           R"("annotations":{"summary":"The newest decision is escalate.",)"
                           R"("runbook_url":"https://runbooks.example/17"},)"
                           R"("startsAt":"2026-11-21T08:30:00.828Z",)"
                           R"("endsAt":"0001-01-01T00:00:00Z",)"
                           R"("generatorURL":"http://prometheus.example:9090/graph",)"
                           R"("fingerprint":"1a30ba71cca2921f"}],)"
                           R"("groupLabels":{"alertname":"Escalate"},"commonLabels":{},)"
                           R"("commonAnnotations":{},"externalURL":"http://alerts.example:9093",)"
                           R"("version":"4","groupKey":"{}:{alertname=\"Escalate\"}",)"
                           R"("truncatedAlerts":0})";

std::string with(std::string_view original, std::string_view replacement) {
  std::string body = sample;
  const auto at = body.find(original);
  EXPECT_NE(at, std::string::npos) << original;
  body.replace(at, original.size(), replacement);
  return body;
}

core::ReceivedAlert only_alert(const std::string& body) {
  const auto delivery = read_delivery(body, is_key);
  EXPECT_TRUE(delivery) << delivery.error();
  EXPECT_THAT(delivery->alerts, SizeIs(1));
  return delivery->alerts.front();
}

TEST(ADelivery, GivesTheAlertsAndOfTheirLabelsThoseThatAreKept) {
  const auto delivery = read_delivery(sample, is_key);
  ASSERT_TRUE(delivery) << delivery.error();
  EXPECT_EQ(delivery->group_key, "{}:{alertname=\"Escalate\"}");
  EXPECT_EQ(delivery->left_out, 0U);
  const core::ReceivedAlert expected{core::AlertStatus::firing,
                                     "{}:{alertname=\"Escalate\"}",
                                     {"1a30ba71cca2921f", "2026-11-21T08:30:00.828Z"},
                                     {{core::AlertLabel::alertname, "Escalate"},
                                      {core::AlertLabel::severity, "page"},
                                      {core::AlertLabel::probe, "chat-walk"}},
                                     "The newest decision is escalate."};
  EXPECT_EQ(delivery->alerts, std::vector{expected});
}

TEST(ADelivery, TellsHowManyAlertsWereLeftOut) {
  EXPECT_EQ(read_delivery(with("\"truncatedAlerts\":0", "\"truncatedAlerts\":7"), is_key)->left_out,
            7U);
  EXPECT_TRUE(read_delivery(with(",\"truncatedAlerts\":0", ""), is_key)) << "older ones lack it";
}

TEST(ADelivery, ThatIsWrongIsRefusedWithTheNameOfTheMember) {
  struct Case {
    std::string body;
    std::string_view error;
  };
  const Case cases[] = {
      {"", "the body is not JSON"},
      {"{", "the body is not JSON"},
      {sample + sample, "the body is not JSON"},
      {with("smokeledger", "\xFF"), "the body is not JSON"},
      {"[]", "the body is not a JSON object"},
      {"{}", "version is missing"},
      {with(R"("version":"4")", R"("version":4)"), "version is not a string"},
      {with(R"("version":"4")", R"("version":"3")"),
       "version is not \"4\", the one that is understood"},
      {with(R"("groupKey":)", R"("other":)"), "groupKey is missing"},
      {with(R"("{}:{alertname=\"Escalate\"}")", R"("")"), "groupKey is empty"},
      {with(R"("{}:{alertname=\"Escalate\"}")", "[]"), "groupKey is not a string"},
      {with("\"truncatedAlerts\":0", "\"truncatedAlerts\":-1"),
       "truncatedAlerts is not a number from 0 up"},
      {with("\"alerts\":", "\"other\":"), "alerts is missing"},
      {with("\"alerts\":[{", "\"alerts\":{\"a\":[{"), "the body is not JSON"},
      {R"({"version":"4","groupKey":"k","alerts":{}})", "alerts is not a list"},
      {R"({"version":"4","groupKey":"k","alerts":[]})", "alerts is empty"},
      {R"({"version":"4","groupKey":"k","alerts":[7]})", "alerts[0] is not an object"},
      {with(R"("status":"firing","labels")", R"("labels")"), "alerts[0].status is missing"},
      {with(R"("status":"firing","labels")", R"("status":"up","labels")"),
       "alerts[0].status is neither firing nor resolved"},
      {with(R"("labels":{)", R"("other":{)"), "alerts[0].labels is missing"},
      {with(R"("probe":"chat-walk")", R"("probe":7)"), "alerts[0].labels.probe is not a string"},
      {with(R"("startsAt":)", R"("other":)"), "alerts[0].startsAt is missing"},
      {with("2026-11-21T08:30:00.828Z", "yesterday"),
       "alerts[0].startsAt is not a time of RFC 3339"},
      {with("2026-11-21T08:30:00.828Z", "2026-11-31T08:30:00Z"),
       "alerts[0].startsAt is not a time of RFC 3339"},
      {with("2026-11-21T08:30:00.828Z", "2026-11-21T08:30:00."),
       "alerts[0].startsAt is not a time of RFC 3339"},
      {with("2026-11-21T08:30:00.828Z", "2026-11-21T08:30:00.8281234567Z"),
       "alerts[0].startsAt is not a time of RFC 3339"},
      {with(R"("fingerprint":)", R"("other":)"), "alerts[0].fingerprint is missing"},
      {with(R"("1a30ba71cca2921f")", R"("")"), "alerts[0].fingerprint is empty"},
      {with(R"("summary":"The newest decision is escalate.")", R"("summary":[])"),
       "alerts[0].annotations.summary is not a string"},
      {with(R"("annotations":{)", R"("annotations":[],"other":{)"),
       "alerts[0].annotations is not an object"},
  };
  for (const auto& c : cases) {
    const auto delivery = read_delivery(c.body, is_key);
    ASSERT_FALSE(delivery) << c.body;
    EXPECT_EQ(delivery.error(), c.error) << c.body;
  }
}

TEST(ADelivery, NamesTheAlertThatIsWrong) {
  std::string alerts;
  const auto begin = sample.find("{\"status\":\"firing\",\"labels\"");
  const std::string one = sample.substr(begin, sample.find("],\"groupLabels\"") - begin);
  for (int i = 0; i < 3; ++i) alerts += one + ',';
  std::string wrong = one;
  wrong.replace(wrong.find("startsAt"), 8, "beganAt");
  const auto delivery = read_delivery(with(one, alerts + wrong), is_key);
  ASSERT_FALSE(delivery);
  EXPECT_EQ(delivery.error(), "alerts[3].startsAt is missing");
}

TEST(ADelivery, HoldsAtMostAThousandAlerts) {
  const auto body = [](std::size_t count) {
    std::string alerts;
    for (std::size_t i = 0; i < count; ++i) {
      alerts += (i == 0 ? "" : ",") + std::string(R"({"status":"resolved","labels":{},)") +
                R"("startsAt":"2026-11-21T08:30:00+01:00","fingerprint":"f)" + std::to_string(i) +
                R"("})";
    }
    return R"({"version":"4","groupKey":"k","alerts":[)" + alerts + "]}";
  };
  EXPECT_THAT(read_delivery(body(max_alerts_in_a_delivery), is_key)->alerts,
              SizeIs(max_alerts_in_a_delivery));
  const auto refused = read_delivery(body(max_alerts_in_a_delivery + 1), is_key);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error(), "alerts has more than 1000 items");
}

TEST(ADelivery, IsNeverRefusedForWhatItSays) {
  const auto alert = only_alert(with("The newest decision is escalate.",
                                     "The provider is down, latency is 30 s, uptime 12 %"));
  EXPECT_EQ(alert.summary, "The provider is down, latency is 30 s, uptime 12 %");
}

TEST(ADelivery, LeavesOutWhatLooksLikeASecretAndMakesTheRestHarmless) {
  const std::string key = "sk-live-0123456789";
  auto alert = only_alert(with("\"page\"", "\"" + key + "\""));
  EXPECT_EQ(alert.label(core::AlertLabel::severity), core::secret_left_out);
  alert = only_alert(with("The newest decision is escalate.", "use " + key));
  EXPECT_EQ(alert.summary, core::secret_left_out);
  alert = only_alert(with("\"page\"", "\"p\\u0000\\n\\u202E\\u00e9\""));
  EXPECT_EQ(alert.label(core::AlertLabel::severity), "p????");
  alert = only_alert(with("\"page\"", '"' + std::string(4'000, 'x') + '"'));
  EXPECT_THAT(alert.label(core::AlertLabel::severity), SizeIs(core::max_label_value));
}

TEST(ADelivery, TellsGroupsApartWhoseNamesCannotBeShown) {
  std::set<std::string> keys;
  const std::string same(300, 'g');
  for (const std::string& name : {same + "1",
                                  same + "2",
                                  std::string("caf\\u00e9"),
                                  std::string("caf\\u00e8"),
                                  std::string("sk-live-1"),
                                  std::string("sk-live-2"),
                                  std::string("sha256:0")}) {
    const auto body = with(R"("{}:{alertname=\"Escalate\"}")", '"' + name + '"');
    const auto delivery = read_delivery(body, is_key);
    ASSERT_TRUE(delivery) << delivery.error();
    EXPECT_THAT(delivery->group_key, SizeIs(7 + 64));
    EXPECT_EQ(delivery->alerts.front().group_key, delivery->group_key);
    keys.insert(delivery->group_key);
  }
  EXPECT_THAT(keys, SizeIs(7));
}

TEST(ADelivery, TellsAlertsApartWhoseFingerprintsCannotBeShown) {
  std::set<std::string> seen;
  const std::string same(100, 'f');
  for (const std::string& name :
       {same + "1", same + "2", std::string("a b"), std::string("\\\"")}) {
    const auto alert = only_alert(with("1a30ba71cca2921f", name));
    EXPECT_THAT(alert.identity.fingerprint, SizeIs(64));
    seen.insert(alert.identity.fingerprint);
  }
  EXPECT_THAT(seen, SizeIs(4));
}

}  // namespace
}  // namespace smokeledger::tests
