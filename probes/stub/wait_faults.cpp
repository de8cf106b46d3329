#include "probes/stub/wait_faults.h"

#include <utility>

#include "probes/stub/errors.h"

namespace smokeledger::probes::stub {
namespace {

constexpr core::Milliseconds short_wait{50};
constexpr std::string_view retry_info =
    R"([{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"0.05s"}])";

Act refused(const Scene& scene,
            const ProviderError& what,
            core::Asks asks,
            std::vector<std::string> headers,
            std::string_view details = {}) {
  const HttpReply reply{
      .status = what.http_status,
      .body = error_body(
          scene.asked.family, what, "Scripted by the stub.", scene.asked.number, details),
      .headers = std::move(headers)};
  return {.bytes = http_text(reply, scene.asked.number), .asks = asks};
}

Act throttled_for(const Scene& scene, core::Milliseconds wait, std::vector<std::string> headers) {
  return refused(scene, provider_error::throttled, {.wait = wait}, std::move(headers));
}

}  // namespace

Act throttled_retry_after(const Scene& scene) {
  return throttled_for(scene, std::chrono::seconds{1}, {"Retry-After: 1"});
}

Act throttled_retry_after_1h(const Scene& scene) {
  return throttled_for(scene, std::chrono::hours{1}, {"Retry-After: 3600"});
}

Act throttled_retry_after_date(const Scene& scene) {
  // The day of `created`: the stub needs no clock, and a client that reads the date by its own
  // clock instead of the Date beside it shows that.
  return throttled_for(
      scene,
      std::chrono::seconds{1},
      {"Date: Sun, 21 Jun 2026 00:00:00 GMT", "Retry-After: Sun, 21 Jun 2026 00:00:01 GMT"});
}

Act throttled_retry_after_ms(const Scene& scene) {
  return throttled_for(scene, short_wait, {"retry-after-ms: 50"});
}

Act throttled_x_ms_retry_after_ms(const Scene& scene) {
  return throttled_for(scene, short_wait, {"x-ms-retry-after-ms: 50"});
}

Act overloaded_503_retry_after_ms(const Scene& scene) {
  return refused(
      scene, provider_error::overloaded_503, {.wait = short_wait}, {"retry-after-ms: 50"});
}

Act throttled_retry_info(const Scene& scene) {
  return refused(scene, provider_error::throttled, {.wait = short_wait}, {}, retry_info);
}

Act throttled_no_retry(const Scene& scene) {
  return refused(scene, provider_error::throttled, {.no_retry = true}, {"x-should-retry: false"});
}

}  // namespace smokeledger::probes::stub
