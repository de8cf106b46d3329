#include "probes/stub/errors.h"

#include <array>

#include "probes/core/json_writer.h"

namespace smokeledger::probes::stub {

namespace {

constexpr std::array<const Trouble*, 12> table{&trouble::throttled,
                                               &trouble::exhausted_quota,
                                               &trouble::overloaded_503,
                                               &trouble::overloaded_529,
                                               &trouble::server_error,
                                               &trouble::invalid_key,
                                               &trouble::forbidden,
                                               &trouble::invalid_request,
                                               &trouble::invalid_request_behind_500,
                                               &trouble::missing_model,
                                               &trouble::unknown_path,
                                               &trouble::unknown_script};

std::string open_ai_error(const Trouble& trouble, std::string_view message) {
  core::JsonWriter json;
  json.begin_object().key("error").begin_object();
  json.key("message").string(message).key("type").string(trouble.type).key("param").null();
  json.key("code");
  if (trouble.code.empty()) {
    json.null();
  } else {
    json.string(trouble.code);
  }
  json.end_object().end_object();
  return json.take();
}

std::string messages_error(const Trouble& trouble, std::string_view message, std::uint64_t number) {
  core::JsonWriter json;
  json.begin_object().key("type").string("error").key("error").begin_object();
  json.key("type").string(trouble.messages_type).key("message").string(message).end_object();
  json.key("request_id").string("req_stub_" + std::to_string(number)).end_object();
  return json.take();
}

std::string google_error(const Trouble& trouble, std::string_view message) {
  core::JsonWriter json;
  json.begin_object().key("error").begin_object();
  json.key("code").integer(trouble.http_status).key("message").string(message);
  json.key("status").string(trouble.google_status).end_object().end_object();
  return json.take();
}

}  // namespace

Trouble unreadable_request(int status) {
  Trouble trouble = trouble::invalid_request;
  trouble.http_status = status;
  trouble.code = "unreadable_request";
  return trouble;
}

std::span<const Trouble* const> troubles() {
  return table;
}

std::string error_body(core::EndpointFamily family,
                       const Trouble& trouble,
                       std::string_view message,
                       std::uint64_t number) {
  switch (family) {
    case core::EndpointFamily::messages:
      return messages_error(trouble, message, number);
    case core::EndpointFamily::generate_content:
      return google_error(trouble, message);
    case core::EndpointFamily::chat_completions:
    case core::EndpointFamily::responses:
    case core::EndpointFamily::embeddings:
      break;
  }
  return open_ai_error(trouble, message);
}

}  // namespace smokeledger::probes::stub
