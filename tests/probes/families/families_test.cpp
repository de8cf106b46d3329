#include "probes/families/families.h"

#include <gtest/gtest.h>

#include "tests/support/plans.h"

namespace smokeledger::probes::families {
namespace {

core::Route route_with(std::string path, std::string body, std::string model) {
  auto contract = std::make_shared<core::Contract>(*tests::chat_contract());
  contract->request.path = std::move(path);
  contract->request.body = std::move(body);
  core::Route route = *tests::route("primary", "one", contract);
  route.model = std::move(model);
  return route;
}

std::string body_of(std::string body, std::string model) {
  return request_of(route_with("/v1/x", std::move(body), std::move(model))).body;
}

TEST(FamilyTable, HasOneRowForEachFamilyWithAnOrderOfItsOwnForEachStream) {
  ASSERT_EQ(families().size(), core::every<core::EndpointFamily>().size());
  for (const core::EndpointFamily which : core::every<core::EndpointFamily>()) {
    EXPECT_EQ(family(which).family, which);
    const auto make = family(which).stream_order;
    if (make == nullptr) continue;
    EXPECT_NE(make(), make()) << core::word(which);
  }
}

TEST(RequestOf, PostsTheContractsBodyToItsPath) {
  const RequestShape shape = request_of(*tests::route("primary", "one"));
  EXPECT_EQ(shape.method, "POST");
  EXPECT_EQ(shape.path, "/v1/chat/completions");
  EXPECT_EQ(shape.body, R"({"model":"small-model","messages":[]})");
}

TEST(RequestOf, AsksForAStreamWhereTheRouteDoes) {
  core::Route route = route_with("/v1/x", "{}", "m");
  auto contract = std::make_shared<core::Contract>(*route.contract);
  contract->stream.emplace();
  contract->stream->request = {"/v1/{model}:stream?alt=sse", R"({"stream":true})", {"stream"}};
  route.contract = contract;
  EXPECT_EQ(request_of(route).path, "/v1/x");
  route.stream = true;
  EXPECT_EQ(request_of(route).path, "/v1/m:stream?alt=sse");
  EXPECT_EQ(request_of(route).body, R"({"stream":true})");
}

TEST(RequestOf, ReplacesEveryMarkInTheBodyByTheModel) {
  EXPECT_EQ(body_of("{model}", "m"), "m");
  EXPECT_EQ(body_of(R"({"a":"{model}","b":"{model}"})", "m"), R"({"a":"m","b":"m"})");
  EXPECT_EQ(body_of(R"({"a":1})", "m"), R"({"a":1})");
  EXPECT_EQ(body_of("<{model}>", "{model}"), "<{model}>") << "not what the model itself holds";
}

TEST(RequestOf, WritesTheModelInTheBodyAsTheInsideOfAJsonString) {
  EXPECT_EQ(body_of(R"({"model":"{model}"})", R"(a"b\c)"), R"({"model":"a\"b\\c"})");
  EXPECT_EQ(body_of("{model}", "vendor/model:free"), "vendor/model:free");
}

TEST(RequestOf, WritesTheModelInThePathPercentEncoded) {
  const auto path = [](const char* model) {
    return request_of(route_with("/v1beta/models/{model}:run", "{}", model)).path;
  };
  EXPECT_EQ(path("a-model_1.5~x"), "/v1beta/models/a-model_1.5~x:run");
  EXPECT_EQ(path("vendor/model:free?x"), "/v1beta/models/vendor%2Fmodel%3Afree%3Fx:run");
  EXPECT_EQ(path("\xC3\xA9"), "/v1beta/models/%C3%A9:run");
}

core::Reply stream_reply(std::string body) {
  return tests::reply(200, std::move(body), {{"content-type", "text/event-stream"}});
}

core::Route streaming() {
  core::Route route = *tests::route("primary", "one");
  auto contract = std::make_shared<core::Contract>(*route.contract);
  contract->stream.emplace();
  route.contract = contract;
  route.stream = true;
  return route;
}

constexpr const char* events =
    R"(data: {"choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":"stop"}]})"
    "\n\ndata: [DONE]\n\n";

TEST(Read, JudgesAReplyAsAStreamWhereTheRouteAskedForOne) {
  EXPECT_EQ(read(streaming(), stream_reply(events)).verdict, core::Verdict::documented_shape);
  EXPECT_EQ(read(streaming(), tests::chat_ok()).verdict, core::Verdict::deviant);
  EXPECT_EQ(read(*tests::route("primary", "one"), tests::chat_ok()).verdict,
            core::Verdict::documented_shape);
}

TEST(Read, ReadsWhatCameOfAStreamThatBrokeOffAndNothingOfAnotherReply) {
  const core::Fault late{core::Reason::timeout, 200, stream_reply(events)};
  EXPECT_EQ(read(streaming(), late).verdict, core::Verdict::documented_shape);
  const core::Fault cut{core::Reason::truncated, 200, tests::chat_ok()};
  EXPECT_EQ(read(*tests::route("primary", "one"), cut).parser_result,
            core::ParserResult::not_checked);
  EXPECT_EQ(read(streaming(), core::Fault{.reason = core::Reason::connect}).parser_result,
            core::ParserResult::not_checked);
}

}  // namespace
}  // namespace smokeledger::probes::families
