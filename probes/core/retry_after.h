// How long a reply asks its client to stay away, in every spelling that providers use. Pure.
#pragma once

#include <optional>

#include "probes/core/attempt.h"
#include "probes/core/reading.h"

namespace smokeledger::probes::core {

// What a reply says of the next attempt.
struct RetryWish {
  std::optional<Milliseconds>
      wait;                   // the readable wish of the first header, in order, that has one
  bool names_a_wait = false;  // it has some, though perhaps none that can be read
  bool forbids = false;       // x-should-retry: false

  bool operator==(const RetryWish&) const = default;
};

// `retry-after-ms`, `x-ms-retry-after-ms`, `retry-after` (seconds, or an HTTP date against the
// reply's own Date), then google.rpc.RetryInfo of the error object. A 2xx wishes nothing: providers
// send Retry-After on those, too. A wish can only make us send later or less: x-should-retry: true
// makes nothing retryable that is not.
// https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3,
// https://github.com/openai/openai-python (_base_client.py),
// https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
RetryWish retry_wish(const Reply&, const Reading&);

}  // namespace smokeledger::probes::core
