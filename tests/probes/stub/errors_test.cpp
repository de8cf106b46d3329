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
  for (const ProviderError* what : provider_errors()) {
    const std::string chat = error_body(EndpointFamily::chat_completions, *what, "No.", 7);
    const Json json(chat);
    EXPECT_EQ(json.at("/error/message"), R"("No.")");
    EXPECT_EQ(json.at("/error/type"), quoted(what->type));
    EXPECT_EQ(json.at("/error/param"), "null");
    EXPECT_EQ(json.at("/error/code"), quoted(what->code));
    EXPECT_EQ(error_body(EndpointFamily::responses, *what, "No.", 7), chat);
    EXPECT_EQ(error_body(EndpointFamily::embeddings, *what, "No.", 7), chat);
  }
}

TEST(Errors, OfMessagesAreTypedAndNameTheRequest) {
  for (const ProviderError* what : provider_errors()) {
    const Json json(error_body(EndpointFamily::messages, *what, "No.", 7));
    EXPECT_EQ(json.at("/type"), R"("error")");
    EXPECT_EQ(json.at("/error/type"), quoted(what->messages_type));
    EXPECT_EQ(json.at("/error/message"), R"("No.")");
    EXPECT_EQ(json.at("/request_id"), R"("req_stub_7")");
  }
}

TEST(Errors, OfGenerateContentHaveTheStatusAsNumberAndAsWord) {
  for (const ProviderError* what : provider_errors()) {
    const Json json(error_body(EndpointFamily::generate_content, *what, "No.", 7));
    EXPECT_EQ(json.at("/error/code"), std::to_string(what->http_status));
    EXPECT_EQ(json.at("/error/status"), quoted(what->google_status));
    EXPECT_EQ(json.at("/error/message"), R"("No.")");
  }
}

TEST(Errors, UseTheWordsThatEachFamilyDocuments) {
  for (const ProviderError* what : provider_errors()) {
    EXPECT_THAT(what->google_status,
                testing::AnyOf("RESOURCE_EXHAUSTED",
                               "INVALID_ARGUMENT",
                               "UNAUTHENTICATED",
                               "PERMISSION_DENIED",
                               "UNAVAILABLE",
                               "INTERNAL",
                               "NOT_FOUND"));
    EXPECT_THAT(what->messages_type,
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
