#include "tests/architecture/world_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::tests::architecture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(WorldCalls, AreFoundWhereNoAllowanceCoversThem) {
  for (const std::string_view name : world_names()) {
    const std::string text = "int a;\nauto b = " + std::string(name) + "(0);\n";
    EXPECT_THAT(stray_world_calls({{"probes/core/a.cpp", text}}, {}),
                ElementsAre("probes/core/a.cpp:2: " + std::string(name) +
                            " is called outside its few places"));
  }
}

TEST(WorldCalls, AreNotFoundInCommentsAndStrings) {
  EXPECT_THAT(stray_world_calls({{"a.cpp", "// getenv\nf(\"clock_gettime\");\n"}}, {}), IsEmpty());
}

TEST(WorldCalls, MayBeMadeByTheNamedFileWithTheNamedCallOnly) {
  const std::vector<Allowance> allowances{{"a.cpp", "getenv", "it must"}};
  EXPECT_THAT(stray_world_calls({{"a.cpp", "getenv(x); getenv(y);"}}, allowances), IsEmpty());
  EXPECT_THAT(stray_world_calls({{"a.cpp", "getenv(x); sleep_for(y);"}}, allowances), SizeIs(1));
  EXPECT_THAT(stray_world_calls({{"a.cpp", "getenv(x);"}, {"b.cpp", "getenv(x);"}}, allowances),
              ElementsAre(HasSubstr("b.cpp:1")));
}

TEST(WorldCalls, HaveNoStaleOrUnexplainedAllowance) {
  EXPECT_THAT(stray_world_calls({{"a.cpp", "int a;"}}, {{"a.cpp", "getenv", "it must"}}),
              ElementsAre("a.cpp: the allowance for getenv is stale"));
  EXPECT_THAT(stray_world_calls({{"a.cpp", "getenv(x);"}}, {{"a.cpp", "getenv", ""}}),
              ElementsAre("a.cpp: getenv is allowed without a reason"));
}

TEST(WorldCalls, HaveTheirFewPlacesInTheTree) {
  EXPECT_THAT(stray_world_calls(product(), world_allowances()), IsEmpty());
}

}  // namespace
}  // namespace smokeledger::tests::architecture
