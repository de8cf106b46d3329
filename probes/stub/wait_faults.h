// Refusals that say how long to wait, in every spelling, or not to come back. Each in the family's
// own envelope.
#pragma once

#include "probes/stub/fault.h"

namespace smokeledger::probes::stub {

// Retry-After in seconds, and as a date beside the reply's own Date.
// https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
Act throttled_retry_after(const Scene&);
Act throttled_retry_after_1h(const Scene&);
Act throttled_retry_after_date(const Scene&);

// In milliseconds: short, so that a drill need not take long. The official SDKs and gateways read
// these before Retry-After.
Act throttled_retry_after_ms(const Scene&);
Act throttled_x_ms_retry_after_ms(const Scene&);
Act overloaded_503_retry_after_ms(const Scene&);

// google.rpc.RetryInfo among the error's details.
// https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
Act throttled_retry_info(const Scene&);

// x-should-retry: false, which the official SDKs heed.
Act throttled_no_retry(const Scene&);

}  // namespace smokeledger::probes::stub
