// What a server saw of those who call it: arrivals in time, by logical request.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "probes/core/time.h"
#include "probes/core/words.h"

namespace smokeledger::probes::core {

// What a reply says to whoever thinks of asking again.
struct Asks {
  std::optional<Milliseconds> wait{};
  bool no_retry = false;

  bool operator==(const Asks&) const = default;
};

struct Arrival {
  Milliseconds at{0};  // since the server began; of a clock that never goes back
  Asks asks{};         // of the reply to it
  std::optional<std::uint32_t> retry_count{};  // as the client counts, x-stainless-retry-count
  // The reply was whole, or the connection broken, at once: the time until the next arrival is what
  // its sender took. Otherwise it may also have waited for a reply that never came.
  bool answered_at_once = true;

  bool operator==(const Arrival&) const = default;
};

// How the server knows that arrivals are one logical request.
enum class ToldBy { request_id, retry_count, nothing };
template <>
struct Words<ToldBy> {
  static constexpr std::array<std::string_view, 3> list{"request_id", "retry_count", "nothing"};
};

inline constexpr std::size_t max_arrivals_kept = 129;  // their gaps fill an outcome line

// What a caller asked once, however often that arrived.
struct LogicalRequest {
  std::string request;  // its id without an attempt number, or `arrival-<n>` where it has none
  std::string script;   // what the server played
  ToldBy told_by = ToldBy::nothing;
  std::uint64_t arrivals = 0;
  std::vector<Arrival> first{};  // the first max_arrivals_kept of them

  bool operator==(const LogicalRequest&) const = default;
};

}  // namespace smokeledger::probes::core
