// What can be wrong, in the words of each family's error envelope.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "probes/core/contract.h"

namespace smokeledger::probes::stub {

struct ProviderError {
  int http_status = 0;
  std::string_view type;  // chat completions, responses, embeddings
  std::string_view code;  // likewise; empty: null
  std::string_view messages_type;
  std::string_view google_status;  // generate_content; its `code` is the HTTP status
};

namespace provider_error {
inline constexpr ProviderError throttled{
    429, "rate_limit_error", "rate_limit_exceeded", "rate_limit_error", "RESOURCE_EXHAUSTED"};
inline constexpr ProviderError exhausted_quota{
    429, "insufficient_quota", "insufficient_quota", "billing_error", "RESOURCE_EXHAUSTED"};
inline constexpr ProviderError overloaded_503{
    503, "server_error", "overloaded", "overloaded_error", "UNAVAILABLE"};
inline constexpr ProviderError overloaded_529{
    529, "overloaded_error", "", "overloaded_error", "UNAVAILABLE"};
inline constexpr ProviderError server_error{
    500, "server_error", "server_error", "api_error", "INTERNAL"};
inline constexpr ProviderError invalid_key{
    401, "invalid_request_error", "invalid_api_key", "authentication_error", "UNAUTHENTICATED"};
inline constexpr ProviderError forbidden{
    403, "permission_error", "", "permission_error", "PERMISSION_DENIED"};
inline constexpr ProviderError invalid_request{
    400, "invalid_request_error", "invalid_value", "invalid_request_error", "INVALID_ARGUMENT"};
inline constexpr ProviderError invalid_request_behind_500{
    500, "comet_api_error", "invalid_request", "invalid_request_error", "INVALID_ARGUMENT"};
inline constexpr ProviderError missing_model{
    400, "invalid_request_error", "missing_model", "invalid_request_error", "INVALID_ARGUMENT"};
inline constexpr ProviderError unknown_path{
    404, "invalid_request_error", "unknown_path", "not_found_error", "NOT_FOUND"};
inline constexpr ProviderError unknown_script{
    404, "invalid_request_error", "unknown_script", "not_found_error", "NOT_FOUND"};
}  // namespace provider_error

// Not a request: `status` is 400, 413 or 431.
ProviderError unreadable_request(int status);

std::span<const ProviderError* const> provider_errors();

// chat completions, responses, embeddings: {"error":{"message":...,"type":...,"param":null,
// "code":...}}, after https://apidoc.cometapi.com/errors/error-codes-handling
// messages: {"type":"error","error":{"type":...,"message":...},"request_id":...}, after
// https://apidoc.cometapi.com/api/text/anthropic-messages
// generate_content: {"error":{"code":...,"message":...,"status":...}}, after
// https://ai.google.dev/gemini-api/docs/troubleshooting
// `details`, a JSON array, stands as the last member of the error's object unless it is empty.
std::string error_body(core::EndpointFamily,
                       const ProviderError&,
                       std::string_view message,
                       std::uint64_t number,
                       std::string_view details = {});

}  // namespace smokeledger::probes::stub
