#include "probes/families/families.h"

#include <array>

#include "probes/core/json_writer.h"
#include "probes/families/stream_reading.h"

namespace smokeledger::probes::families {
namespace {

using core::EndpointFamily;

constexpr std::array<Family, 5> table{{
    {EndpointFamily::chat_completions, chat_completions::stream_order},
    {EndpointFamily::responses, responses::stream_order},
    {EndpointFamily::messages, messages::stream_order},
    {EndpointFamily::generate_content, generate_content::stream_order},
    {EndpointFamily::embeddings, nullptr},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].family) != i) return false;
  }
  return table.size() == core::every<EndpointFamily>().size();
}
static_assert(in_order(), "one row per EndpointFamily, in the enumeration's order");

std::string with_model(std::string text, std::string_view model) {
  constexpr std::string_view mark = "{model}";
  for (auto at = text.find(mark); at != std::string::npos;
       at = text.find(mark, at + model.size())) {
    text.replace(at, mark.size(), model);
  }
  return text;
}

std::string inside_json_string(std::string_view text) {
  std::string quoted;
  core::append_json_string(quoted, text);
  return quoted.substr(1, quoted.size() - 2);
}

// RFC 3986 section 2.3, https://www.rfc-editor.org/rfc/rfc3986#section-2.3
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', hex[byte >> 4], hex[byte & 15]});
    }
  }
  return out;
}

}  // namespace

std::span<const Family> families() {
  return table;
}

const Family& family(EndpointFamily which) {
  return table[static_cast<std::size_t>(which)];
}

RequestShape request_of(const core::Route& route) {
  const core::RequestTemplate& form = core::request_template(route);
  return {"POST",
          with_model(form.path, percent_encoded(route.model)),
          with_model(form.body, inside_json_string(route.model))};
}

core::Reading read(const core::Route& route, const core::Exchange& exchange) {
  const core::Reply* reply = core::readable_reply(exchange);
  if (reply == nullptr || (!route.stream && !std::holds_alternative<core::Reply>(exchange))) {
    core::Reading nothing;
    nothing.parser_result = core::ParserResult::not_checked;
    return nothing;
  }
  const auto reader = route.stream ? read_stream : core::check;
  return reader(*route.contract,
                reply->http_status,
                reply->header("content-type"),
                reply->body,
                core::reply_byte_cap);
}

}  // namespace smokeledger::probes::families
