// How a transfer ended, in the words of the core.
#pragma once

#include <optional>

#include <curl/curl.h>

#include "probes/core/attempt.h"

namespace smokeledger::probes::transport {

// Why one of our own callbacks stopped a transfer.
enum class Stopped { no, too_large, encoded };

struct Ending {
  CURLcode code = CURLE_OK;
  int os_error = 0;  // errno of the last socket operation that failed; 0: none
  Stopped stopped = Stopped::no;
  bool head_complete = true;         // the empty line behind its headers, too
  std::optional<int> http_status{};  // of the final reply, once its status line was read
};

// Pure. Empty: the reply is complete. https://curl.se/libcurl/c/libcurl-errors.html
std::optional<core::Fault> fault_of(const Ending&);

}  // namespace smokeledger::probes::transport
