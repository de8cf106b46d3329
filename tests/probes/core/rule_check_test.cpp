#include "probes/core/rule_check.h"

#include <gtest/gtest.h>

namespace smokeledger::probes::core {
namespace {

using enum FindingCode;
using Findings = std::vector<Finding>;

Findings found(const Rules& rules, std::string_view json, std::string_view where = {}) {
  simdjson::dom::parser parser;
  RuleWalk walk;
  walk.check(rules, parser.parse(json.data(), json.size()), where);
  return walk.findings();
}

TEST(RuleWalk, AsksForOneOfTheAlternativesThatSaysSomething) {
  const Rules rules{
      {.path = "$", .types = {JsonType::object}, .any_of = {"candidates", "feedback.reason"}}};
  EXPECT_EQ(found(rules, R"({"candidates":[1]})"), Findings{});
  EXPECT_EQ(found(rules, R"({"feedback":{"reason":"SAFETY"}})"), Findings{});
  for (const char* json : {"{}",
                           R"({"candidates":null})",
                           R"({"candidates":[]})",
                           R"({"candidates":{}})",
                           R"({"feedback":{}})",
                           R"({"feedback":"reason"})"}) {
    EXPECT_EQ(found(rules, json), (Findings{{no_alternative, ""}})) << json;
  }
}

TEST(RuleWalk, CountsAValueOutsideAnOpenListAndFailsItOutsideAClosedOne) {
  ReplyRule rule{.path = "tier", .types = {JsonType::string}, .values = {"default", "flex"}};
  EXPECT_EQ(found({rule}, R"({"tier":"flex"})"), Findings{});
  EXPECT_EQ(found({rule}, R"({"tier":"gold"})"), (Findings{{undocumented_value, "tier"}}));
  rule.open = true;
  simdjson::dom::parser parser;
  RuleWalk walk;
  walk.check({rule}, parser.parse(std::string_view(R"({"tier":"gold"})")));
  EXPECT_TRUE(walk.findings().empty());
  EXPECT_EQ(walk.additive(), 1U);
}

TEST(RuleWalk, LooksAtTheTypeOfEveryElement) {
  const Rules rules{{.path = "embedding",
                     .types = {JsonType::array, JsonType::string},
                     .min_items = 1,
                     .item_types = {JsonType::number},
                     .not_empty = true}};
  for (const char* json : {R"({"embedding":[1,-0.5,2e3]})", R"({"embedding":"AAAA"})"}) {
    EXPECT_EQ(found(rules, json), Findings{}) << json;
  }
  EXPECT_EQ(found(rules, R"({"embedding":[]})"), (Findings{{too_few_items, "embedding"}}));
  EXPECT_EQ(found(rules, R"({"embedding":""})"), (Findings{{empty_string, "embedding"}}));
  EXPECT_EQ(found(rules, R"({"embedding":[1,"2"]})"), (Findings{{wrong_type, "embedding"}}));
  EXPECT_EQ(found(rules, R"({"embedding":{}})"), (Findings{{wrong_type, "embedding"}}));
}

TEST(RuleWalk, MissesAnElementThatARuleNamesByItsNumber) {
  const Rules rules{{.path = "choices[1].text", .types = {JsonType::string}},
                    {.path = "choices[1]", .types = {JsonType::object}}};
  EXPECT_EQ(found(rules, R"({"choices":[{},{"text":"a"}]})"), Findings{});
  EXPECT_EQ(found(rules, R"({"choices":[{}]})"), (Findings{{missing_member, "choices[1]"}}));
  EXPECT_EQ(found(rules, R"({"choices":[{},{}]})"),
            (Findings{{missing_member, "choices[1].text"}}));
}

TEST(RuleWalk, LeavesAMissingAncestorToItsOwnRule) {
  const Rules rules{{.path = "usage.total", .types = {JsonType::integer}}};
  EXPECT_EQ(found(rules, "{}"), Findings{});
  EXPECT_EQ(found(rules, R"({"usage":null})"), Findings{});
  EXPECT_EQ(found(rules, R"({"usage":{}})"), (Findings{{missing_member, "usage.total"}}));
}

TEST(RuleWalk, ReportsAMemberTwiceOnlyWhereARuleDependsOnIt) {
  const Rules rules{{.path = "a.b", .types = {JsonType::integer}}};
  EXPECT_EQ(found(rules, R"({"a":{"b":1,"b":2}})"), (Findings{{duplicate_member, "a.b"}}));
  EXPECT_EQ(found(rules, R"({"a":{"b":1},"a":{"b":2}})"), (Findings{{duplicate_member, "a"}}));
  EXPECT_EQ(found(rules, R"({"a":{"b":1,"x":1,"x":2},"x":1,"x":2})"), Findings{});
  EXPECT_EQ(found(rules, R"({"a":{"\u0062":1,"b":2}})"), (Findings{{duplicate_member, "a.b"}}))
      << "the same name in another spelling";
}

TEST(RuleWalk, PutsFindingsBehindThePlaceOfTheirEvent) {
  const Rules rules{{.path = "choices[].index", .types = {JsonType::integer}}};
  EXPECT_EQ(found(rules, R"({"choices":[{}]})", "event[7]"),
            (Findings{{missing_member, "event[7].choices[0].index"}}));
}

TEST(ElementAt, FollowsMembersOfObjectsAlone) {
  simdjson::dom::parser parser;
  const auto root =
      parser.parse(std::string_view(R"({"a":{"b":"x","n":-1},"l":[{"b":1}]})")).value();
  EXPECT_EQ(text_at(root, "a.b"), "x");
  EXPECT_EQ(text_at(root, "a.n"), "");
  EXPECT_EQ(text_at(root, ""), "");
  EXPECT_EQ(text_at(root, "l.b"), "");
  EXPECT_FALSE(count_at(root, "a.n")) << "no count is below zero";
  EXPECT_FALSE(element_at(root, "a.b.c"));
}

}  // namespace
}  // namespace smokeledger::probes::core
