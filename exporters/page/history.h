// What the outcome lines of the last days add up to, probe by probe: a fold over lines, so that a
// page needs no pass over the ledger. Pure.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "probes/core/outcome.h"

namespace smokeledger::exporters::page {

namespace core = probes::core;

using Day = std::chrono::sys_days;  // UTC

inline constexpr std::size_t days_kept = 30;       // today and those before it
inline constexpr std::size_t decisions_kept = 12;  // the newest of each probe

struct PastDecision {
  std::uint64_t seq = 0;  // of its line
  core::WallTime recorded_at{};
  core::Decision decision{};
  core::CheckResult check_result{};

  bool operator==(const PastDecision&) const = default;
};

// Of some outcomes.
struct Counts {
  std::array<std::uint32_t, core::Words<core::Decision>::list.size()> decisions{};
  std::uint32_t retries = 0;    // retry_count: made by us
  std::uint32_t fallbacks = 0;  // outcomes with fallback_taken

  bool operator==(const Counts&) const = default;
};

// Which outcomes to count. What is empty does not filter.
struct Counted {
  std::string probe = {};
  std::optional<core::EndpointFamily> family = {};
  std::optional<core::Decision> decision = {};
};

class History {
 public:
  struct Probe {
    std::vector<PastDecision> newest;  // first
    // Of the newest outcome.
    core::Gap gap = core::Gap::none;
    std::vector<std::string> unresolved;
  };

  // An outcome that is newer than all before it, or older than all: a ledger is read back from its
  // end while new lines come. Days too old to be kept are dropped.
  void add_newer(const PastDecision&, const core::Outcome&);
  void add_older(const PastDecision&, const core::Outcome&);

  const Probe* find(const std::string& probe) const;
  // `today` last. A day without an outcome counts nothing.
  std::vector<std::pair<Day, Counts>> days(const Counted&, Day today) const;

 private:
  // Flat on purpose: there may be thousands of probes, each with a few of these a day.
  struct Bucket {
    Day day{};
    core::EndpointFamily family{};
    core::Decision decision{};
    std::uint32_t outcomes = 0;
    std::uint32_t retries = 0;
    std::uint32_t fallbacks = 0;
  };
  struct Past {
    Probe probe;
    std::vector<Bucket> buckets;
  };
  void count(Past&, Day, const core::Outcome&);

  std::map<std::string, Past> probes_;
  Day newest_day_{};
};

}  // namespace smokeledger::exporters::page
