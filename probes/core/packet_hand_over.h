// To whom packets are still to be handed over, and what an answer to that means. Each is handed
// over at least once: a crash between the hand-over and its line repeats it. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "probes/core/attempt.h"
#include "probes/core/packet_lines.h"

namespace smokeledger::probes::core {

// How often and how soon a packet is posted. The other side has no say in it: its Retry-After is
// not looked at. The last attempt is a quarter of an hour after the first on average, 27
// minutes at most: longer than a receiver takes to be started anew.
struct HandOverPolicy {
  std::uint32_t attempts = 12;
  Milliseconds base{1'000};
  Milliseconds cap{600'000};
  Milliseconds attempt_timeout{10'000};
};

// The oldest live packet of which no line says that it went there, or that this was given up.
std::optional<std::uint64_t> next_to_hand_over(const PacketBook&, HandedTo);

// How many live packets it did not get: not yet, or given up.
std::uint64_t not_handed_over(const PacketBook&, HandedTo);

// What one attempt came to.
enum class HandOverResult { taken, refused, try_again };
template <>
struct Words<HandOverResult> {
  static constexpr std::array<std::string_view, 3> list{"taken", "refused", "try_again"};
};

// By the status line alone, whatever became of the rest: 2xx is taken; 408, 425, 429, 5xx and no
// status line are tried again; anything else, redirects too, is refused.
HandOverResult hand_over_result(const Exchange&);

// The wait before the next attempt, with full jitter; nothing: no more attempts.
// REQUIRES: attempts_made is not 0.
std::optional<Milliseconds> wait_to_hand_over(const HandOverPolicy&,
                                              std::uint32_t attempts_made,
                                              Draw);

// The line that ends a hand-over; nothing: the packet is not live any more, or a line has said it.
std::optional<PacketLine> line_of_hand_over(
    const PacketBook&, std::uint64_t packet, HandedTo, bool went, std::uint32_t attempts);

}  // namespace smokeledger::probes::core
