#include "probes/stub/request.h"

#include <gtest/gtest.h>

namespace smokeledger::probes::stub {
namespace {

using core::EndpointFamily;

TEST(Destinations, NameTheFamilyAtItsPathAloneAndUnderAScript) {
  const std::pair<const char*, EndpointFamily> paths[] = {
      {"/v1/chat/completions", EndpointFamily::chat_completions},
      {"/v1/responses", EndpointFamily::responses},
      {"/v1/messages", EndpointFamily::messages},
      {"/v1/embeddings", EndpointFamily::embeddings},
      {"/v1beta/models/m:generateContent", EndpointFamily::generate_content},
      {"/v1beta/models/m:streamGenerateContent?alt=sse", EndpointFamily::generate_content},
  };
  for (const auto& [path, family] : paths) {
    EXPECT_EQ(destination_of(path).family, family) << path;
    EXPECT_EQ(destination_of(path).script, std::nullopt) << path;
    const Destination scripted = destination_of("/s/stream-error" + std::string(path));
    EXPECT_EQ(scripted.family, family) << path;
    EXPECT_EQ(scripted.script, "stream-error") << path;
  }
}

TEST(Destinations, HaveNoFamilyElsewhere) {
  for (const char* path : {"/",
                           "",
                           "/s/ok",
                           "/v1/messages/",
                           "/v1beta/models",
                           "/v1beta/models/m",
                           "/v1beta/models:generateContent",
                           "/v1beta/models/a/b:generateContent",
                           "/v1beta/models/m:countTokens",
                           "/v1beta/models/m:streamGenerateContent",
                           "/v1beta/models/m:streamGenerateContent?alt=json"}) {
    EXPECT_EQ(destination_of(path).family, std::nullopt) << path;
  }
}

TEST(Destinations, TakeTheModelFromThePathPercentDecoded) {
  const auto model = [](std::string_view in_path) {
    return destination_of("/v1beta/models/" + std::string(in_path) + ":generateContent").model;
  };
  EXPECT_EQ(model("smoke-model"), "smoke-model");
  EXPECT_EQ(model("vendor%2Fsmoke%20model"), "vendor/smoke model");
  EXPECT_EQ(model("a:b"), "a:b");
  EXPECT_EQ(model("100%"), "100%");
  EXPECT_EQ(model("%zz%4"), "%zz%4");
  EXPECT_EQ(model(""), "");
}

TEST(Destinations, AskForAStreamByTheOperationAndItsParameter) {
  const std::string path = "/v1beta/models/m:streamGenerateContent";
  EXPECT_TRUE(destination_of(path + "?alt=sse").stream);
  EXPECT_TRUE(destination_of(path + "?key=x&alt=sse").stream);
  EXPECT_FALSE(destination_of("/v1beta/models/m:generateContent?alt=sse").stream);
  EXPECT_FALSE(destination_of("/v1/responses?alt=sse").stream);
}

TEST(Wishes, AreReadFromTheBodysMembers) {
  const Wishes wishes =
      wishes_of(R"({"model":"m","stream":true,"stream_options":{"include_usage":true}})");
  EXPECT_EQ(wishes.model, "m");
  EXPECT_TRUE(wishes.stream);
  EXPECT_TRUE(wishes.include_usage);
}

TEST(Wishes, AreNoneWhereTheBodyDoesNotSaySo) {
  for (const char* body : {"",
                           "not json",
                           "[]",
                           "true",
                           R"({"model":7,"stream":"true","stream_options":true})",
                           R"({"stream":false,"stream_options":{"include_usage":1}})"}) {
    const Wishes wishes = wishes_of(body);
    EXPECT_EQ(wishes.model, "") << body;
    EXPECT_FALSE(wishes.stream) << body;
    EXPECT_FALSE(wishes.include_usage) << body;
  }
}

}  // namespace
}  // namespace smokeledger::probes::stub
