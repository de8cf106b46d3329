// What arrived at the stub, as it saw it: the count no client can make for itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

namespace smokeledger::probes::stub {

struct LogicalRequest {
  std::string request;  // x-request-id without its attempt number, or `arrival-<n>` without one
  std::string script;
  std::uint64_t arrivals = 0;
};

inline constexpr std::size_t max_logical_requests = 1000;

// An arrival is one complete request, head and body. Counts never go back. Not thread-safe.
class Arrivals {
 public:
  struct Place {
    std::uint64_t in_total = 0;    // this is the n-th arrival
    std::uint64_t of_request = 0;  // and the n-th of its logical request under this script
  };

  Arrivals() = default;
  Arrivals(const Arrivals&) = delete;
  Arrivals& operator=(const Arrivals&) = delete;

  // `request` may be empty: then the arrival is a logical request of its own.
  Place count(std::string_view script, std::string_view request, bool authorized);

  std::uint64_t total() const { return total_; }
  std::uint64_t of_script(std::string_view name) const;
  std::uint64_t authorized() const { return authorized_; }  // carried some credential header
  // At most max_logical_requests, the one that arrived last first; older ones are forgotten, so
  // that a logical request that returns after so many others counts from 1 again.
  const std::list<LogicalRequest>& requests() const { return requests_; }

  // {"arrivals":N,"authorized":N,"by_script":{...},"requests":[{"request":...}]}
  std::string json() const;

 private:
  std::uint64_t total_ = 0;
  std::uint64_t authorized_ = 0;
  std::map<std::string, std::uint64_t, std::less<>> by_script_;
  std::list<LogicalRequest> requests_;
  std::unordered_map<std::string, std::list<LogicalRequest>::iterator> index_;
};

}  // namespace smokeledger::probes::stub
