#include "probes/core/rules.h"

#include <gtest/gtest.h>

namespace smokeledger::probes::core {
namespace {

TEST(RulePath, IsMadeOfStepsJoinedByDots) {
  for (const char* path : {"$", "a", "a.b", "a[]", "a[].b", "a[0].b_2[12].C"}) {
    EXPECT_TRUE(is_rule_path(path)) << path;
  }
  for (const char* path : {"",
                           ".",
                           "a.",
                           ".a",
                           "a..b",
                           "[]",
                           "a[",
                           "a]",
                           "a[]b",
                           "a[-1]",
                           "a b",
                           "$.a",
                           "a[x]",
                           "a[123456]",
                           "a-b"}) {
    EXPECT_FALSE(is_rule_path(path)) << path;
  }
}

TEST(MemberPath, HasNoElements) {
  EXPECT_TRUE(is_member_path("usage.prompt_tokens"));
  EXPECT_FALSE(is_member_path("choices[0].index"));
  EXPECT_FALSE(is_member_path("$"));
  EXPECT_FALSE(is_member_path(""));
}

TEST(Rules, ShareTheStepsOfTheirPaths) {
  const Rules rules{{.path = "a"}, {.path = "a.b"}, {.path = "a.c[].d"}, {.path = "a.c[0].d"}};
  EXPECT_EQ(rules.size(), 4U);
  const RuleNode& root = rules.tree();
  ASSERT_EQ(root.children.size(), 1U);
  const RuleNode& a = root.children[0];
  EXPECT_EQ(a.member, "a");
  EXPECT_EQ(a.rules, std::vector<std::size_t>{0});
  ASSERT_EQ(a.children.size(), 2U);
  const RuleNode& c = a.children[1];
  EXPECT_TRUE(c.rules.empty());
  ASSERT_EQ(c.children.size(), 2U) << "every element, and the first";
  EXPECT_TRUE(c.children[0].every_element);
  EXPECT_EQ(c.children[1].index, 0U);
  EXPECT_EQ(c.children[1].children[0].rules, std::vector<std::size_t>{3});
}

TEST(Rules, OfTheWholeDocumentStandAtTheRoot) {
  const Rules rules{{.path = "$"}};
  EXPECT_EQ(rules.tree().rules, std::vector<std::size_t>{0});
}

}  // namespace
}  // namespace smokeledger::probes::core
