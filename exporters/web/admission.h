// Whether a request's header lets it in, before a byte of its body is read. Pure.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include "exporters/web/server.h"

namespace smokeledger::exporters::web {

using RequestHeader = boost::beast::http::request_header<>;

struct Refusal {
  int status = 400;
  std::string_view sentence;
  std::string allow = {};  // of a 405
};

using Admission = std::variant<const WebRoute*, Refusal>;

// A route of `options` (as long-lived as they are), or why not. `options.hosts` in lower case.
Admission admit(const WebServer::Options& options, const RequestHeader&);

// What stands before and after the first `?`.
std::string_view path_of(std::string_view target);
std::string_view query_of(std::string_view target);

}  // namespace smokeledger::exporters::web
