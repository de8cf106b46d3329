#include "probes/stub/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/probes/stub/reply_text.h"

namespace smokeledger::probes::stub {
namespace {

using core::EndpointFamily;

std::string quoted(std::string_view text) {
  return text.empty() ? "null" : '"' + std::string(text) + '"';
}

TEST(Errors, HaveTypeParamAndCodeInTheFamiliesOfOneEnvelope) {
  for (const Trouble* trouble : troubles()) {
    const std::string chat = error_body(EndpointFamily::chat_completions, *trouble, "No.", 7);
    const Json json(chat);
    EXPECT_EQ(json.at("/error/message"), R"("No.")");
    EXPECT_EQ(json.at("/error/type"), quoted(trouble->type));
    EXPECT_EQ(json.at("/error/param"), "null");
    EXPECT_EQ(json.at("/error/code"), quoted(trouble->code));
    EXPECT_EQ(error_body(EndpointFamily::responses, *trouble, "No.", 7), chat);
    EXPECT_EQ(error_body(EndpointFamily::embeddings, *trouble, "No.", 7), chat);
  }
}

TEST(Errors, OfMessagesAreTypedAndNameTheRequest) {
  for (const Trouble* trouble : troubles()) {
    const Json json(error_body(EndpointFamily::messages, *trouble, "No.", 7));
    EXPECT_EQ(json.at("/type"), R"("error")");
    EXPECT_EQ(json.at("/error/type"), quoted(trouble->messages_type));
    EXPECT_EQ(json.at("/error/message"), R"("No.")");
    EXPECT_EQ(json.at("/request_id"), R"("req_stub_7")");
  }
}

TEST(Errors, OfGenerateContentHaveTheStatusAsNumberAndAsWord) {
  for (const Trouble* trouble : troubles()) {
    const Json json(error_body(EndpointFamily::generate_content, *trouble, "No.", 7));
    EXPECT_EQ(json.at("/error/code"), std::to_string(trouble->http_status));
    EXPECT_EQ(json.at("/error/status"), quoted(trouble->google_status));
    EXPECT_EQ(json.at("/error/message"), R"("No.")");
  }
}

TEST(Errors, UseTheWordsThatEachFamilyDocuments) {
  for (const Trouble* trouble : troubles()) {
    EXPECT_THAT(trouble->google_status,
                testing::AnyOf("RESOURCE_EXHAUSTED",
                               "INVALID_ARGUMENT",
                               "UNAUTHENTICATED",
                               "PERMISSION_DENIED",
                               "UNAVAILABLE",
                               "INTERNAL",
                               "NOT_FOUND"));
    EXPECT_THAT(trouble->messages_type,
                testing::AnyOf("invalid_request_error",
                               "authentication_error",
                               "billing_error",
                               "permission_error",
                               "not_found_error",
                               "rate_limit_error",
                               "api_error",
                               "overloaded_error"));
  }
}

}  // namespace
}  // namespace smokeledger::probes::stub
