#include "exporters/web/admission.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>

namespace smokeledger::exporters::web {
namespace {

namespace http = boost::beast::http;
using boost::beast::iequals;
using Refused = std::optional<Refusal>;

// Beast alone would let `Transfer-Encoding: gzip` pass beside a length: one body, two readings.
bool ambiguous_length(const RequestHeader& header) {
  const auto codings = header.count(http::field::transfer_encoding);
  const auto lengths = header.count(http::field::content_length);
  if (codings == 0) return lengths > 1;
  return codings > 1 || lengths > 0 || header.version() < 11 ||
         !iequals(header[http::field::transfer_encoding], "chunked");
}

Refused check_form(const WebLimits& limits, const RequestHeader& header) {
  if (std::distance(header.begin(), header.end()) > std::ptrdiff_t{limits.header_fields}) {
    return Refusal{431, "too many header fields"};
  }
  if (ambiguous_length(header)) return Refusal{400, "the body's length is ambiguous"};
  const auto hosts = header.count(http::field::host);
  if (hosts > 1 || (hosts == 0 && header.version() >= 11)) {
    return Refusal{400, "exactly one Host is needed"};
  }
  if (header.target().empty() || header.target().front() != '/') {
    return Refusal{400, "the target must begin with a slash"};
  }
  if (header.count(http::field::expect) > 0) return Refusal{417, "Expect is not supported"};
  return std::nullopt;
}

std::string_view without_port(std::string_view host) {
  const auto from = host.starts_with('[') ? host.find(']') : 0;
  if (from == std::string_view::npos) return {};
  return host.substr(0, host.find(':', from));
}

// The defence against DNS rebinding: a page elsewhere may point its own name at this listener.
Refused check_host(const WebServer::Options& options, std::string_view host) {
  if (options.any_host) return std::nullopt;
  const std::string_view name = without_port(host);
  const auto same = [name](std::string_view known) { return iequals(name, known); };
  if (same("localhost") || same("127.0.0.1") || same("[::1]")) return std::nullopt;
  if (std::any_of(options.hosts.begin(), options.hosts.end(), same)) return std::nullopt;
  return Refusal{421, "this Host is not served here"};
}

bool answers(const WebRoute& route, std::string_view method) {
  return route.method == method || (route.method == "GET" && method == "HEAD");
}

bool is_at(const WebRoute& route, std::string_view path) {
  const std::string_view pattern = route.path;
  if (!pattern.ends_with("/*")) return pattern == path;
  const std::string_view folder = pattern.substr(0, pattern.size() - 1);
  return path.starts_with(folder) && path.size() > folder.size();
}

Admission find_route(const WebServer::Options& options, const RequestHeader& header) {
  const std::string_view path = path_of(header.target());
  std::string allow;
  for (const WebRoute& route : options.routes) {
    if (!is_at(route, path)) continue;
    if (answers(route, header.method_string())) return &route;
    if (!allow.empty()) allow += ", ";
    allow += route.method == "GET" ? "GET, HEAD" : route.method;
  }
  if (allow.empty()) return Refusal{404, "no such path"};
  return Refusal{405, "not by this method", allow};
}

// A form on some web page must not reach a writing command: no browser sends application/json
// across sites without asking first, and nobody answers that question here.
Refused check_post(const RequestHeader& header) {
  if (header.count(http::field::origin) > 0) return Refusal{403, "not from a web page"};
  const auto site = header["Sec-Fetch-Site"];
  if (!site.empty() && !iequals(site, "same-origin") && !iequals(site, "none")) {
    return Refusal{403, "not from another site"};
  }
  const std::string_view type = header[http::field::content_type];
  auto media_type = type.substr(0, type.find(';'));
  while (media_type.ends_with(' ') || media_type.ends_with('\t')) media_type.remove_suffix(1);
  if (!iequals(media_type, "application/json")) {
    return Refusal{415, "the content type must be application/json"};
  }
  return std::nullopt;
}

}  // namespace

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

std::string_view query_of(std::string_view target) {
  const auto mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

Admission admit(const WebServer::Options& options, const RequestHeader& header) {
  if (const auto refused = check_form(options.limits, header)) return *refused;
  if (const auto refused = check_host(options, header[http::field::host])) return *refused;
  Admission found = find_route(options, header);
  const auto* route = std::get_if<const WebRoute*>(&found);
  if (route != nullptr && (*route)->method == "POST") {
    if (const auto refused = check_post(header)) return *refused;
  }
  return found;
}

}  // namespace smokeledger::exporters::web
