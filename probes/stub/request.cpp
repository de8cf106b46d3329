#include "probes/stub/request.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <simdjson.h>

namespace smokeledger::probes::stub {
namespace {

constexpr std::string_view line_end = "\r\n";

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  return out;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<std::size_t> number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

// The head, without its empty line, into method, target and headers.
bool read_head(std::string_view head, Request& request) {
  const std::string_view first = head.substr(0, head.find(line_end));
  const auto method_end = first.find(' ');
  const auto target_end = first.rfind(' ');
  if (method_end == std::string_view::npos || target_end == method_end) return false;
  const std::string_view version = first.substr(target_end + 1);
  if (!version.starts_with("HTTP/1.")) return false;
  request.method = first.substr(0, method_end);
  request.target = first.substr(method_end + 1, target_end - method_end - 1);
  std::string_view rest = head.substr(first.size());
  while (rest.starts_with(line_end)) {
    rest.remove_prefix(line_end.size());
    const std::string_view line = rest.substr(0, rest.find(line_end));
    rest.remove_prefix(line.size());
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    request.headers.emplace_back(lower(line.substr(0, colon)), trimmed(line.substr(colon + 1)));
  }
  request.keep_alive = version == "HTTP/1.1" &&
                       lower(request.header("connection")).find("close") == std::string::npos;
  return true;
}

enum class BodyState { incomplete, complete, broken };

// Decodes chunks from `from`; on completion `from` is the place behind the last one.
BodyState read_chunks(std::string_view bytes, std::size_t& from, std::string& body) {
  std::size_t at = from;
  while (true) {
    const auto size_end = bytes.find(line_end, at);
    if (size_end == std::string_view::npos) return BodyState::incomplete;
    const std::string_view line = bytes.substr(at, size_end - at);
    const auto size = number(trimmed(line.substr(0, line.find(';'))), 16);
    if (!size || *size > max_request_body_bytes - body.size()) return BodyState::broken;
    at = size_end + line_end.size();
    if (*size == 0) break;
    if (bytes.size() < at + *size + line_end.size()) return BodyState::incomplete;
    body += bytes.substr(at, *size);
    at += *size + line_end.size();
  }
  // Trailers, if any, end at an empty line.
  while (true) {
    const auto end = bytes.find(line_end, at);
    if (end == std::string_view::npos) return BodyState::incomplete;
    const bool empty = end == at;
    at = end + line_end.size();
    if (empty) break;
  }
  from = at;
  return BodyState::complete;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto byte = text.size() > 2 ? number(text.substr(1, 2), 16) : std::nullopt;
    const bool escape = text.front() == '%' && byte;
    out += escape ? static_cast<char>(*byte) : text.front();
    text.remove_prefix(escape ? 3 : 1);
  }
  return out;
}

bool has_parameter(std::string_view query, std::string_view parameter) {
  while (!query.empty()) {
    const auto end = query.find('&');
    if (query.substr(0, end) == parameter) return true;
    query.remove_prefix(end == query.npos ? query.size() : end + 1);
  }
  return false;
}

// `/v1beta/models/{model}:{operation}`. Without alt=sse a stream would be one JSON array: not
// spoken.
void read_model_path(std::string_view path, std::string_view query, Destination& to) {
  constexpr std::string_view prefix = "/v1beta/models/";
  const auto colon = path.rfind(':');
  if (!path.starts_with(prefix) || colon == path.npos || colon < prefix.size()) return;
  const std::string_view model = path.substr(prefix.size(), colon - prefix.size());
  const std::string_view operation = path.substr(colon + 1);
  const bool stream = operation == "streamGenerateContent" && has_parameter(query, "alt=sse");
  if (model.find('/') != model.npos || (operation != "generateContent" && !stream)) return;
  to.family = core::EndpointFamily::generate_content;
  to.stream = stream;
  to.model = percent_decoded(model);
}

}  // namespace

std::string_view Request::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

ReadResult read_request(std::string& bytes) {
  // The first byte of a TLS handshake: such a peer would wait for us as we for it.
  if (bytes.starts_with('\x16')) return Unreadable{400};
  const auto head_end = bytes.find("\r\n\r\n");
  if (std::min(head_end, bytes.size()) > max_request_head_bytes) return Unreadable{431};
  if (head_end == std::string::npos) return Incomplete{};
  Request request;
  if (!read_head(std::string_view(bytes).substr(0, head_end), request)) return Unreadable{400};

  std::size_t end = head_end + 4;
  if (lower(request.header("transfer-encoding")) == "chunked") {
    const BodyState state = read_chunks(bytes, end, request.body);
    if (state == BodyState::broken) return Unreadable{400};
    if (state == BodyState::incomplete) return Incomplete{};
  } else if (const auto announced = request.header("content-length"); !announced.empty()) {
    const auto length = number(announced, 10);
    if (!length) return Unreadable{400};
    if (*length > max_request_body_bytes) return Unreadable{413};
    if (bytes.size() - end < *length) return Incomplete{};
    request.body = bytes.substr(end, *length);
    end += *length;
  }
  bytes.erase(0, end);
  return request;
}

Destination destination_of(std::string_view target) {
  Destination to;
  std::string_view path = target.substr(0, target.find('?'));
  const std::string_view query = target.substr(std::min(path.size() + 1, target.size()));
  constexpr std::string_view prefix = "/s/";
  if (path.starts_with(prefix)) {
    const auto end = path.find('/', prefix.size());
    to.script = path.substr(prefix.size(), end == path.npos ? path.npos : end - prefix.size());
    path = end == path.npos ? std::string_view{} : path.substr(end);
  }
  to.path = path;
  constexpr auto families = std::to_array<std::pair<std::string_view, core::EndpointFamily>>({
      {"/v1/chat/completions", core::EndpointFamily::chat_completions},
      {"/v1/responses", core::EndpointFamily::responses},
      {"/v1/messages", core::EndpointFamily::messages},
      {"/v1/embeddings", core::EndpointFamily::embeddings},
  });
  for (const auto& [suffix, family] : families) {
    if (path == suffix) to.family = family;
  }
  read_model_path(path, query, to);
  return to;
}

Wishes wishes_of(std::string_view body) {
  Wishes wishes;
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  if (parser.parse(body.data(), body.size()).get(document) != simdjson::SUCCESS) return wishes;
  const auto says = [](simdjson::simdjson_result<simdjson::dom::element> member) {
    bool value = false;
    return member.get(value) == simdjson::SUCCESS && value;
  };
  std::string_view model;
  if (document["model"].get(model) == simdjson::SUCCESS) wishes.model = model;
  wishes.stream = says(document["stream"]);
  wishes.include_usage = says(document["stream_options"]["include_usage"]);
  return wishes;
}

std::optional<std::string> header_name(std::string_view text) {
  std::string name = lower(text);
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_";
  if (name.empty() || name.find_first_not_of(allowed) != name.npos) return std::nullopt;
  return name;
}

std::string logical_request(std::string_view request_id) {
  constexpr std::size_t longest = 128;
  const auto dot = request_id.rfind('.');
  if (dot != request_id.npos && dot > 0 && number(request_id.substr(dot + 1), 10)) {
    request_id = request_id.substr(0, dot);
  }
  return std::string(request_id.substr(0, longest));
}

std::optional<std::uint32_t> retry_count(const Request& request) {
  constexpr std::size_t highest = 1'000'000;
  const auto count = number(request.header("x-stainless-retry-count"), 10);
  if (!count || *count > highest) return std::nullopt;
  return static_cast<std::uint32_t>(*count);
}

}  // namespace smokeledger::probes::stub
