// What a drill is: who is drilled, by which scripts of the stub, and what the operator declares.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "probes/core/reason.h"
#include "probes/core/time.h"
#include "probes/core/words.h"

namespace smokeledger::probes::core {

// walk: our own retry-and-fallback loop. gateway: one call of ours through a gateway whose upstream
// is the stub. client: somebody's real client, run by hand.
enum class DrillOf { walk, gateway, client };
template <>
struct Words<DrillOf> {
  static constexpr std::array<std::string_view, 3> list{"walk", "gateway", "client"};
};

// What is sent to the live primary instead of calling the stub.
enum class LiveDrill { none, invalid_key };
template <>
struct Words<LiveDrill> {
  static constexpr std::array<std::string_view, 2> list{"none", "invalid_key"};
};

// What the operator declared.
struct DrillTerms {
  std::uint32_t asked = 1;                  // logical requests that the caller makes
  std::uint32_t budget = 1;                 // arrivals allowed of each
  std::optional<std::uint32_t> arrivals{};  // in all, exactly
  // What the caller received by its exit code; empty: its exit code says nothing.
  std::vector<std::pair<int, CallerReceived>> exit_codes{};
};

struct DrillPlan {
  DrillOf of = DrillOf::walk;
  LiveDrill live = LiveDrill::none;
  std::vector<std::string> scripts{};  // one for each route; empty with a live drill
  std::string stub_url{};  // of the client: where it is to send; without the family's path
  DrillTerms terms{};
  // How long stragglers are counted after the caller had its answer.
  Milliseconds settle{2'000};
};

}  // namespace smokeledger::probes::core
