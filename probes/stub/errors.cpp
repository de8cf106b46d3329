#include "probes/stub/errors.h"

#include <array>

#include "probes/core/json_writer.h"

namespace smokeledger::probes::stub {

namespace {

constexpr std::array<const ProviderError*, 12> table{&provider_error::throttled,
                                                     &provider_error::exhausted_quota,
                                                     &provider_error::overloaded_503,
                                                     &provider_error::overloaded_529,
                                                     &provider_error::server_error,
                                                     &provider_error::invalid_key,
                                                     &provider_error::forbidden,
                                                     &provider_error::invalid_request,
                                                     &provider_error::invalid_request_behind_500,
                                                     &provider_error::missing_model,
                                                     &provider_error::unknown_path,
                                                     &provider_error::unknown_script};

void append_details(core::JsonWriter& json, std::string_view details) {
  if (!details.empty()) json.key("details").raw(details);
}

std::string open_ai_error(const ProviderError& what,
                          std::string_view message,
                          std::string_view details) {
  core::JsonWriter json;
  json.begin_object().key("error").begin_object();
  json.key("message").string(message).key("type").string(what.type).key("param").null();
  json.key("code");
  if (what.code.empty()) {
    json.null();
  } else {
    json.string(what.code);
  }
  append_details(json, details);
  json.end_object().end_object();
  return json.take();
}

std::string messages_error(const ProviderError& what,
                           std::string_view message,
                           std::uint64_t number,
                           std::string_view details) {
  core::JsonWriter json;
  json.begin_object().key("type").string("error").key("error").begin_object();
  json.key("type").string(what.messages_type).key("message").string(message);
  append_details(json, details);
  json.end_object();
  json.key("request_id").string("req_stub_" + std::to_string(number)).end_object();
  return json.take();
}

std::string google_error(const ProviderError& what,
                         std::string_view message,
                         std::string_view details) {
  core::JsonWriter json;
  json.begin_object().key("error").begin_object();
  json.key("code").integer(what.http_status).key("message").string(message);
  json.key("status").string(what.google_status);
  append_details(json, details);
  json.end_object().end_object();
  return json.take();
}

}  // namespace

ProviderError unreadable_request(int status) {
  ProviderError what = provider_error::invalid_request;
  what.http_status = status;
  what.code = "unreadable_request";
  return what;
}

std::span<const ProviderError* const> provider_errors() {
  return table;
}

std::string error_body(core::EndpointFamily family,
                       const ProviderError& what,
                       std::string_view message,
                       std::uint64_t number,
                       std::string_view details) {
  switch (family) {
    case core::EndpointFamily::messages:
      return messages_error(what, message, number, details);
    case core::EndpointFamily::generate_content:
      return google_error(what, message, details);
    case core::EndpointFamily::chat_completions:
    case core::EndpointFamily::responses:
    case core::EndpointFamily::embeddings:
      break;
  }
  return open_ai_error(what, message, details);
}

}  // namespace smokeledger::probes::stub
