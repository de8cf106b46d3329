#include "probes/core/words.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "probes/core/claims_guard.h"
#include "probes/core/counters.h"
#include "probes/core/drill.h"
#include "probes/core/gateway.h"
#include "probes/core/outcome.h"
#include "probes/core/packet.h"
#include "probes/core/plan.h"

namespace smokeledger::probes::core {
namespace {

template <class E>
class WordList : public testing::Test {};

using Enumerations = testing::Types<StatusClass,
                                    FailureClass,
                                    Reason,
                                    Tristate,
                                    Layer,
                                    Gap,
                                    EndpointFamily,
                                    JsonType,
                                    FindingCode,
                                    Verdict,
                                    ParserResult,
                                    ObjectFamily,
                                    ServedModelMatch,
                                    AuthScheme,
                                    Mode,
                                    Expectation,
                                    Gateway,
                                    Evidence,
                                    RetryAfterSeen,
                                    Trigger,
                                    Decision,
                                    CheckResult,
                                    Seen,
                                    WithinBudget,
                                    CallerReceived,
                                    Gap,
                                    ToldBy,
                                    ClientEnd,
                                    DrillOf,
                                    LiveDrill,
                                    Counter,
                                    ClaimSubject,
                                    PacketEvent,
                                    PacketOpener,
                                    PacketState,
                                    QuestionAbout,
                                    HandedTo,
                                    AlertStatus,
                                    AlertLabel>;
TYPED_TEST_SUITE(WordList, Enumerations);

TYPED_TEST(WordList, EveryValueHasItsOwnWordAndIsFoundByIt) {
  std::set<std::string_view> seen;
  for (const TypeParam value : every<TypeParam>()) {
    EXPECT_FALSE(word(value).empty());
    EXPECT_TRUE(seen.insert(word(value)).second) << word(value);
    EXPECT_EQ(from_word<TypeParam>(word(value)), value);
  }
  EXPECT_FALSE(from_word<TypeParam>("no such word"));
}

// The last enumerator of each list: a word too few or too many shows here at compile time.
static_assert(word(Reason::unknown_crash) == "unknown_crash" &&
              every<Reason>().back() == Reason::unknown_crash);
static_assert(word(FindingCode::error_object) == "error_object" &&
              every<FindingCode>().back() == FindingCode::gateway_evidence_missing);
static_assert(word(Mode::drill) == "drill" && every<Mode>().back() == Mode::drill);
static_assert(word(Gap::not_exercised) == "not_exercised" &&
              every<Gap>().back() == Gap::not_exercised);
static_assert(word(Gateway::azure) == "azure" && every<Gateway>().back() == Gateway::azure);
static_assert(word(Evidence::served_model) == "served_model");
static_assert(word(StatusClass::unknown) == "unknown" &&
              every<StatusClass>().back() == StatusClass::unknown);
static_assert(word(PacketEvent::not_handed_over) == "not_handed_over");
static_assert(word(QuestionAbout::unclear) == "unclear");
static_assert(word(AlertLabel::job) == "job");
static_assert(word(Counter::drill_deviations) == "smokeledger_drill_deviations_total");

TEST(FamilyWord, AcceptsDashes) {
  EXPECT_EQ(family_from("chat-completions"), EndpointFamily::chat_completions);
  EXPECT_EQ(family_from("responses"), EndpointFamily::responses);
  EXPECT_FALSE(family_from("chat"));
}

TEST(CounterTable, EveryRowNamesItsLabelsInOrder) {
  for (const auto& row : counters()) {
    EXPECT_GT(row.label_count(), 0U);
    EXPECT_FALSE(row.help.empty());
  }
}

}  // namespace
}  // namespace smokeledger::probes::core
