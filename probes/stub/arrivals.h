// What arrived at the stub, and when, as it saw it: the count no client can make for itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "probes/core/arrival.h"

namespace smokeledger::probes::stub {

using core::LogicalRequest;

inline constexpr std::size_t max_logical_requests = 1000;

// One request as it came. Its logical request is the one of that id; without an id, by the client's
// own count: 0 begins one, another number goes on with the newest of the same script; without
// either it is a logical request of its own.
struct Came {
  std::string_view script;
  std::string_view request{};  // its id without the attempt number, or empty
  std::optional<std::uint32_t> retry_count{};
  bool authorized = false;   // carried some credential header
  core::Milliseconds at{0};  // since the stub began
};

// Arrivals by logical request, the one that arrived last first.
class RequestLog {
 public:
  RequestLog() = default;
  RequestLog(const RequestLog&) = delete;
  RequestLog& operator=(const RequestLog&) = delete;

  // This is the n-th of its logical request under its script.
  std::uint64_t count(const Came&);
  // What the reply to the arrival counted last asks of its sender, and whether it comes at once.
  // No effect before the first.
  void answered(const core::Asks&, bool at_once);

  std::uint64_t total() const { return total_; }
  // At most max_logical_requests; older ones are forgotten, so that a logical request that returns
  // after so many others counts from 1 again.
  const std::list<LogicalRequest>& requests() const { return requests_; }

 private:
  std::string name_of(const Came&);

  std::uint64_t total_ = 0;
  std::map<std::string, std::string, std::less<>> newest_by_retry_count_;  // script -> request
  std::list<LogicalRequest> requests_;
  std::unordered_map<std::string, std::list<LogicalRequest>::iterator> index_;
};

// What a drill counts apart from all else.
struct Watch {
  std::function<bool(const Came&)> belongs;
  bool as_one = false;  // all that belongs is one logical request, whatever it calls itself
};

// An arrival is one complete request, head and body. Counts never go back. Not thread-safe.
class Arrivals {
 public:
  using WatchId = std::uint64_t;
  struct Place {
    std::uint64_t in_total = 0;  // this is the n-th arrival
    // And the n-th of its logical request under this script; while a drill watches it, of those
    // that came since the drill began.
    std::uint64_t of_request = 0;
  };

  Arrivals() = default;
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;

  Place count(const Came&);
  void answered(const core::Asks&, bool at_once = true);

  std::uint64_t total() const { return all_.total(); }
  std::uint64_t of_script(std::string_view name) const;
  std::uint64_t authorized() const { return authorized_; }
  const std::list<LogicalRequest>& requests() const { return all_.requests(); }

  // Counts from now on until unwatch().
  WatchId watch(Watch);
  const RequestLog& watched(WatchId) const;  // REQUIRES: watched, and not unwatched yet
  void unwatch(WatchId);

  // {"arrivals":N,"authorized":N,"by_script":{...},"requests":[{"request":...,"arrivals":N,
  // "script":...,"told_by":...,"gaps_ms":[...],"asked_wait_ms":[...],"retry_counts":[...]}]}: a gap
  // between two arrivals each, then an entry for each arrival, null where there is none.
  std::string json() const;

 private:
  struct Watching {
    Watch watch;
    RequestLog log;
    bool is_concerned = false;  // by the arrival counted last
  };

  RequestLog all_;
  std::uint64_t authorized_ = 0;
  std::map<std::string, std::uint64_t, std::less<>> by_script_;
  std::map<WatchId, Watching> watches_;
  WatchId last_watch_ = 0;
};

}  // namespace smokeledger::probes::stub
