#include "exporters/ledger/member_difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::tests {
namespace {

using exporters::ledger::member_differences;
using probes::core::Difference;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(MemberDifferences, are_named_with_both_values) {
  EXPECT_THAT(member_differences(R"({"a":1,"b":"x","c":[1,2],"d":{"e":null}})",
                                 R"({"a":2,"b":"y","c":[2,1],"d":{"e":0}})"),
              ElementsAre(Difference{"a", "1", "2"},
                          Difference{"b", "x", "y"},
                          Difference{"c", "[1,2]", "[2,1]"},
                          Difference{"d", R"({"e":null})", R"({"e":0})"}));
}

TEST(MemberDifferences, of_equal_objects_are_none) {
  const std::string object = R"({"a":1,"b":["x\n","\u00e9"],"c":{},"d":true})";
  EXPECT_THAT(member_differences(object, object), IsEmpty());
}

TEST(MemberDifferences, tell_a_string_from_a_number_and_a_missing_member_from_null) {
  EXPECT_THAT(member_differences(R"({"a":"1","b":null})", R"({"a":1})"),
              ElementsAre(Difference{"a", "1", "1"}, Difference{"b", "null", "absent"}));
}

}  // namespace
}  // namespace smokeledger::tests
