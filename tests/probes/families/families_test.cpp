#include "probes/families/families.h"

#include <gtest/gtest.h>

#include "tests/support/plans.h"

namespace smokeledger::probes::families {
namespace {

core::Route route_with(std::string body, std::string model) {
  auto contract = std::make_shared<core::Contract>(*tests::chat_contract());
  contract->body = std::move(body);
  core::Route route = *tests::route("primary", "one", contract);
  route.model = std::move(model);
  return route;
}

TEST(FamilyTable, HasOneRowForEachFamilyThatBuildsItsRequest) {
  ASSERT_EQ(families().size(), core::every<core::EndpointFamily>().size());
  for (const core::EndpointFamily which : core::every<core::EndpointFamily>()) {
    auto contract = std::make_shared<core::Contract>(*tests::chat_contract());
    contract->family = which;
    contract->path = "/v1/some/path";
    EXPECT_EQ(family(which).family, which);
    const RequestShape shape = family(which).request(*tests::route("primary", "one", contract));
    EXPECT_EQ(shape.method, "POST") << core::word(which);
    EXPECT_EQ(shape.path, "/v1/some/path") << core::word(which);
    EXPECT_EQ(shape.body, R"({"model":"small-model","messages":[]})") << core::word(which);
  }
}

TEST(FillBody, ReplacesEveryMarkByTheModel) {
  EXPECT_EQ(fill_body(route_with("{model}", "m")), "m");
  EXPECT_EQ(fill_body(route_with(R"({"a":"{model}","b":"{model}"})", "m")), R"({"a":"m","b":"m"})");
  EXPECT_EQ(fill_body(route_with(R"({"a":1})", "m")), R"({"a":1})");
}

TEST(FillBody, WritesTheModelAsTheInsideOfAJsonString) {
  EXPECT_EQ(fill_body(route_with(R"({"model":"{model}"})", R"(a"b\c)")), R"({"model":"a\"b\\c"})");
  EXPECT_EQ(fill_body(route_with("{model}", "vendor/model:free")), "vendor/model:free");
}

TEST(FillBody, DoesNotReplaceAMarkThatTheModelItselfHolds) {
  EXPECT_EQ(fill_body(route_with("<{model}>", "{model}")), "<{model}>");
}

}  // namespace
}  // namespace smokeledger::probes::families
