#include "tests/architecture/claims.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::tests::architecture {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Claims, AreFoundInStringsInAnyCase) {
  for (const std::string_view word : claim_words()) {
    const std::string text = "\nf(\"x " + std::string(word) + " y\");\n";
    EXPECT_THAT(claims({{"a.cpp", text}}, {}),
                ElementsAre("a.cpp:2: a string says `" + std::string(word) + '`'));
  }
  EXPECT_THAT(claims({{"a.cpp", "f(\"Model AVAILABLE\");"}}, {}), SizeIs(1));
  EXPECT_THAT(claims({{"a.cpp", "f(R\"(uptime)\");"}}, {}), SizeIs(1));
}

TEST(Claims, AreNotLookedForOutsideStrings) {
  EXPECT_THAT(claims({{"a.cpp", "// no uptime\nint summary = 0;\nf(\"summarise\");"}}, {}),
              IsEmpty());
}

TEST(Claims, MayBeNamedWhereTheTextIsAllowedAndNoFurther) {
  const std::vector<Allowance> allowances{{"a.cpp", "/-/healthy", "its customary name"}};
  EXPECT_THAT(claims({{"a.cpp", "f(\"GET /-/healthy\");"}}, allowances), IsEmpty());
  EXPECT_THAT(claims({{"a.cpp", "f(\"/-/healthy\", \"healthy\");"}}, allowances), SizeIs(1));
  EXPECT_THAT(
      claims({{"a.cpp", "f(\"/-/healthy\");"}, {"b.cpp", "f(\"/-/healthy\");"}}, allowances),
      ElementsAre("b.cpp:1: a string says `healthy`"));
}

TEST(Claims, MayBeNamedAnywhereInAFileThatIsAboutThem) {
  EXPECT_THAT(claims({{"a.cpp", "f(\"uptime\", \"latency\");"}}, {{"a.cpp", "", "the guard"}}),
              IsEmpty());
}

TEST(Claims, HaveNoStaleOrUnexplainedAllowance) {
  EXPECT_THAT(claims({{"a.cpp", ""}}, {{"a.cpp", "uptime", "x"}}),
              ElementsAre("a.cpp: the allowance for `uptime` is stale"));
  EXPECT_THAT(claims({{"a.cpp", "f(\"uptime\");"}}, {{"a.cpp", "uptime", ""}}),
              ElementsAre("a.cpp: `uptime` is allowed without a reason"));
}

TEST(Claims, AreNotMadeInTheTree) {
  EXPECT_THAT(claims(product(), claim_allowances()), IsEmpty());
}

}  // namespace
}  // namespace smokeledger::tests::architecture
