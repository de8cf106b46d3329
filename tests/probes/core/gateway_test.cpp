#include "probes/core/gateway.h"

#include <algorithm>
#include <cctype>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/plans.h"

namespace smokeledger::probes::core {
namespace {

using Count = std::optional<std::uint32_t>;
using Headers = std::vector<Header>;
constexpr Count unknown = std::nullopt;

GatewayEvidence read(Gateway gateway, Headers headers, std::string_view model_in_body = "") {
  return read_evidence(gateway, tests::reply(200, "{}", std::move(headers)), model_in_body);
}

struct DocumentedCase {
  Gateway gateway;
  Headers headers;
  Count retries;
  Count fallbacks;
  const char* served_model = "";
};

// What each gateway's documentation, or the gateway itself, shows.
const std::vector<DocumentedCase>& documented() {
  using enum Gateway;
  static const std::vector<DocumentedCase> rows{
      {litellm,
       {{"x-litellm-attempted-retries", "0"},
        {"x-litellm-attempted-fallbacks", "0"},
        {"x-litellm-model-group", "fast"}},
       0,
       0,
       "fast"},
      {litellm,
       {{"x-litellm-attempted-retries", "2"}, {"x-litellm-attempted-fallbacks", "0"}},
       2,
       0},
      {litellm,
       {{"x-litellm-attempted-retries", "0"},
        {"x-litellm-attempted-fallbacks", "1"},
        {"x-litellm-model-group", "backup"}},
       unknown,  // of the group that failed nothing is told
       1,
       "backup"},
      {portkey,
       {{"x-portkey-retry-attempt-count", "0"}, {"x-portkey-last-used-option-index", "config"}},
       0,
       0},
      {portkey,
       {{"x-portkey-retry-attempt-count", "3"}, {"x-portkey-last-used-option-index", "config"}},
       3,
       0},
      {portkey,
       {{"x-portkey-retry-attempt-count", "-1"}, {"x-portkey-last-used-option-index", "config"}},
       unknown,  // used up: how many there were is not told
       0},
      {portkey,
       {{"x-portkey-retry-attempt-count", "1"},
        {"x-portkey-last-used-option-index", "config.targets[0]"}},
       1,
       0},
      {portkey,
       {{"x-portkey-retry-attempt-count", "0"},
        {"x-portkey-last-used-option-index", "config.targets[1]"}},
       unknown,  // of the first target nothing is told
       1},
      {portkey,
       {{"x-portkey-retry-attempt-count", "0"},
        {"x-portkey-last-used-option-index", "config.targets[1].targets[2]"}},
       unknown,
       3},
      {portkey,
       {{"x-portkey-retry-attempt-count", "0"},
        {"x-portkey-last-used-option-index", "config.targets[0].targets[0]"}},
       0,
       0},
      {envoy, {{"x-envoy-attempt-count", "1"}}, 0, 0},
      {envoy, {{"x-envoy-attempt-count", "3"}}, 2, unknown},
      {ngrok,
       {{"ngrok-aig-attempts", "1"}, {"ngrok-aig-model", "small-model"}},
       0,
       0,
       "small-model"},
      {ngrok, {{"ngrok-aig-attempts", "3"}, {"ngrok-aig-model", "other"}}, 2, unknown, "other"},
      {cloudflare, {{"cf-aig-step", "0"}}, unknown, 0},
      {cloudflare, {{"cf-aig-step", "2"}}, unknown, 2},
      {openrouter, {{"x-generation-id", "gen-1"}}, unknown, unknown},
      {azure, {{"x-ms-is-spilled-over", "false"}}, unknown, 0},
      {azure,
       {{"x-ms-is-spilled-over", "true"}, {"x-ms-deployment-name", "standard"}},
       unknown,
       1,
       "standard"},
      {azure, {{"x-ms-is-spilled-over", "True"}}, unknown, 1},
  };
  return rows;
}

TEST(ReadEvidence, ReadsWhatIsDocumented) {
  for (const DocumentedCase& row : documented()) {
    const GatewayEvidence evidence = read(row.gateway, row.headers);
    const std::string what = std::string(word(row.gateway)) + ' ' + row.headers.front().value +
                             ' ' + row.headers.back().value;
    EXPECT_EQ(evidence.retries, row.retries) << what;
    EXPECT_EQ(evidence.fallbacks, row.fallbacks) << what;
    EXPECT_EQ(evidence.served_model, row.served_model) << what;
  }
}

TEST(ReadEvidence, OfEveryGatewayIsReadInTheseTests) {
  std::set<Gateway> seen;
  for (const DocumentedCase& row : documented()) seen.insert(row.gateway);
  EXPECT_EQ(seen.size(), gateway_profiles().size());
}

TEST(ReadEvidence, TakesAbsenceForNoEvidence) {
  for (const Gateway gateway : every<Gateway>()) {
    const GatewayEvidence evidence = read(gateway, {{"content-type", "application/json"}});
    EXPECT_EQ(evidence.retries, unknown) << word(gateway);
    EXPECT_EQ(evidence.fallbacks, unknown) << word(gateway);
    EXPECT_EQ(evidence.served_model, "") << word(gateway);
    for (const Evidence fact : every<Evidence>()) EXPECT_FALSE(evidence.tells(fact));
  }
}

// Every header of every profile with a value that none of them documents.
TEST(ReadEvidence, LearnsNothingFromHostileValues) {
  for (const char* value : {"",
                            " ",
                            "-2",
                            "+1",
                            "1.0",
                            "1e3",
                            "0x1",
                            "007",
                            "1, 2",
                            "one",
                            "1001",
                            "4294967297",
                            "18446744073709551617",
                            "99999999999999999999999999999999",
                            "null",
                            "yes",
                            "config.",
                            "config.targets",
                            "config.targets[",
                            "config.targets[]",
                            "config.targets[-1]",
                            "config.targets[1]x",
                            "config.targets[1",
                            "config.targets[99999999999]",
                            "config.targets[1000].targets[1]",
                            "targets[1]"}) {
    for (const GatewayProfile& profile : gateway_profiles()) {
      for (const auto header : {profile.retries_header, profile.fallbacks_header}) {
        if (header.empty()) continue;
        const GatewayEvidence evidence = read(profile.gateway, {{std::string(header), value}});
        EXPECT_EQ(evidence.retries, unknown) << header << ": " << value;
        EXPECT_EQ(evidence.fallbacks, unknown) << header << ": " << value;
        EXPECT_FALSE(evidence.tells(Evidence::retries)) << header << ": " << value;
        EXPECT_FALSE(evidence.tells(Evidence::fallbacks)) << header << ": " << value;
      }
    }
  }
}

TEST(ReadEvidence, BelievesNoAttemptCountOfZeroAndNoSpentRetriesElsewhere) {
  EXPECT_EQ(read(Gateway::envoy, {{"x-envoy-attempt-count", "0"}}).retries, unknown);
  EXPECT_EQ(read(Gateway::ngrok, {{"ngrok-aig-attempts", "0"}}).retries, unknown);
  const auto litellm = read(Gateway::litellm, {{"x-litellm-attempted-retries", "-1"}});
  EXPECT_FALSE(litellm.tells(Evidence::retries));
}

TEST(ReadEvidence, TakesTheLargestCountItBelieves) {
  EXPECT_EQ(read(Gateway::cloudflare, {{"cf-aig-step", "1000"}}).fallbacks, most_counted);
}

TEST(ReadEvidence, BelievesNoHeaderThatComesTwice) {
  for (const GatewayProfile& profile : gateway_profiles()) {
    for (const auto name :
         {profile.retries_header, profile.fallbacks_header, profile.model_header}) {
      const std::string header(name);
      if (header.empty()) continue;
      const GatewayEvidence evidence = read(profile.gateway, {{header, "1"}, {header, "1"}});
      EXPECT_EQ(evidence.retries, unknown) << header;
      EXPECT_EQ(evidence.fallbacks, unknown) << header;
      EXPECT_EQ(evidence.served_model, "") << header;
    }
  }
}

TEST(ReadEvidence, TakesNoRetriesForKnownWhereAFallbackIsNotRuledOut) {
  const Headers no_fallbacks_told{{"x-litellm-attempted-retries", "2"}};
  EXPECT_EQ(read(Gateway::litellm, no_fallbacks_told).retries, unknown);
  EXPECT_TRUE(read(Gateway::litellm, no_fallbacks_told).tells(Evidence::retries))
      << "it is there, though it does not say enough";
}

TEST(ReadEvidence, TellsADocumentedValueWithoutANumber) {
  const auto spent = read(Gateway::portkey, {{"x-portkey-retry-attempt-count", "-1"}});
  EXPECT_TRUE(spent.tells(Evidence::retries));
  const auto failed_over = read(Gateway::ngrok, {{"ngrok-aig-attempts", "2"}});
  EXPECT_TRUE(failed_over.tells(Evidence::fallbacks));
  EXPECT_EQ(failed_over.fallbacks, unknown);
}

TEST(ReadEvidence, LooksForTheServedModelInTheProfilesHeaderFirst) {
  const Headers header{{"x-ms-deployment-name", "mine"}};
  EXPECT_EQ(read(Gateway::azure, header, "model-2026-07-01").served_model, "mine");
  EXPECT_EQ(read(Gateway::azure, {}, "model-2026-07-01").served_model, "model-2026-07-01");
  EXPECT_EQ(read(Gateway::openrouter, {}, "vendor/model").served_model, "vendor/model");
}

TEST(ReadEvidence, DoesNotTakeTheBodysWordWhereTheGatewayWritesItItself) {
  EXPECT_FALSE(read(Gateway::litellm, {}, "small-model").tells(Evidence::served_model));
  EXPECT_FALSE(read(Gateway::ngrok, {}, "small-model").tells(Evidence::served_model));
}

TEST(CanTell, IsWhatSomeReplyOfThatGatewayTells) {
  for (const Evidence fact : every<Evidence>()) {
    EXPECT_FALSE(can_tell(Gateway::none, fact));
    std::set<Gateway> telling;
    for (const DocumentedCase& row : documented()) {
      if (read(row.gateway, row.headers, "a-model").tells(fact)) telling.insert(row.gateway);
    }
    for (const GatewayProfile& profile : gateway_profiles()) {
      EXPECT_EQ(can_tell(profile.gateway, fact), telling.contains(profile.gateway))
          << word(profile.gateway) << ' ' << word(fact);
    }
  }
}

TEST(Profiles, NameHeadersInLowerCaseAndTheirSource) {
  for (const GatewayProfile& profile : gateway_profiles()) {
    EXPECT_TRUE(profile.source.starts_with("https://")) << word(profile.gateway);
    for (const auto header :
         {profile.retries_header, profile.fallbacks_header, profile.model_header}) {
      EXPECT_TRUE(std::none_of(header.begin(), header.end(), [](unsigned char c) {
        return std::isupper(c) != 0 || c == ' ';
      })) << header;
    }
    EXPECT_EQ(profile.retries == Tells::nothing, profile.retries_header.empty());
    EXPECT_EQ(profile.fallbacks == Tells::nothing, profile.fallbacks_header.empty());
  }
}

struct CallsCase {
  Gateway gateway;
  Count retries;
  Count fallbacks;
  std::uint64_t at_least;
  bool exact;
};

TEST(UpstreamCalls, AddUpWhatIsToldAndSayWhetherThatIsAll) {
  using enum Gateway;
  for (const CallsCase& row : std::vector<CallsCase>{{none, unknown, unknown, 1, true},
                                                     {litellm, 0, 0, 1, true},
                                                     {litellm, 2, 0, 3, true},
                                                     {litellm, unknown, 1, 2, false},
                                                     {litellm, unknown, unknown, 1, false},
                                                     {portkey, unknown, 0, 1, false},
                                                     {envoy, 2, unknown, 3, true},
                                                     {envoy, unknown, unknown, 1, false},
                                                     {ngrok, 2, unknown, 3, true},
                                                     {ngrok, 0, 0, 1, true},
                                                     {cloudflare, unknown, 2, 3, false},
                                                     {azure, unknown, 1, 2, false},
                                                     {openrouter, unknown, unknown, 1, false}}) {
    const UpstreamCalls calls = upstream_calls(row.gateway, row.retries, row.fallbacks);
    EXPECT_EQ(calls.at_least, row.at_least) << word(row.gateway);
    EXPECT_EQ(calls.exact, row.exact) << word(row.gateway) << ' ' << row.at_least;
  }
}

TEST(ModelBehindPrefix, IsTheModelsOwnNameWhereTheGatewayIsAskedByALongerOne) {
  EXPECT_EQ(model_behind_prefix(Gateway::portkey, "@main/small-model"), "small-model");
  EXPECT_EQ(model_behind_prefix(Gateway::cloudflare, "openai/small-model"), "small-model");
  EXPECT_EQ(model_behind_prefix(Gateway::ngrok, "google:small-model"), "small-model");
  EXPECT_EQ(model_behind_prefix(Gateway::ngrok, "small-model"), "");
  EXPECT_EQ(model_behind_prefix(Gateway::openrouter, "vendor/small-model"), "")
      << "its replies have the vendor, too";
  EXPECT_EQ(model_behind_prefix(Gateway::none, "vendor/small-model"), "");
}

}  // namespace
}  // namespace smokeledger::probes::core
