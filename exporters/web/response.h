// The bytes of a reply's head. Pure.
#pragma once

#include <string>
#include <string_view>

#include "exporters/web/server.h"

namespace smokeledger::exporters::web {

struct HeadOptions {
  bool keep_alive = false;
  std::string_view allow;  // of a 405; empty: no such header
};

// Status line and headers up to the empty line; Content-Length is that of response.body, also where
// the body itself is not sent (HEAD). Every reply carries the same security headers.
std::string response_head(const WebResponse& response, const HeadOptions&);

// A short plain-text reply for what the server itself refuses.
WebResponse plain(int status, std::string_view sentence);

}  // namespace smokeledger::exporters::web
