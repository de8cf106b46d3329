#include "probes/core/packet_hand_over.h"

#include <algorithm>
#include <array>

#include "probes/core/retry.h"

namespace smokeledger::probes::core {
namespace {

// Of a status: the first row that holds it.
struct StatusRow {
  int from;
  int to;
  HandOverResult result;
};
constexpr std::array status_rows{
    StatusRow{200, 299, HandOverResult::taken},
    StatusRow{408, 408, HandOverResult::try_again},
    StatusRow{425, 425, HandOverResult::try_again},
    StatusRow{429, 429, HandOverResult::try_again},
    StatusRow{500, 599, HandOverResult::try_again},
};

HandOverResult result_of(int status) {
  const auto* const row =
      std::find_if(status_rows.begin(), status_rows.end(), [status](const StatusRow& one) {
        return status >= one.from && status <= one.to;
      });
  return row == status_rows.end() ? HandOverResult::refused : row->result;
}

}  // namespace

std::optional<std::uint64_t> next_to_hand_over(const PacketBook& book, HandedTo to) {
  const auto next = std::find_if(book.live.begin(), book.live.end(), [to](const auto& entry) {
    return !entry.second.handed.contains(to);
  });
  return next == book.live.end() ? std::nullopt : std::optional(next->first);
}

std::uint64_t not_handed_over(const PacketBook& book, HandedTo to) {
  const auto lacks = [to](const auto& entry) {
    const auto found = entry.second.handed.find(to);
    return found == entry.second.handed.end() || !found->second;
  };
  return static_cast<std::uint64_t>(std::count_if(book.live.begin(), book.live.end(), lacks));
}

HandOverResult hand_over_result(const Exchange& exchange) {
  if (const auto* const reply = std::get_if<Reply>(&exchange)) return result_of(reply->http_status);
  const auto status = std::get<Fault>(exchange).http_status;
  return status ? result_of(*status) : HandOverResult::try_again;
}

std::optional<Milliseconds> wait_to_hand_over(const HandOverPolicy& policy,
                                              std::uint32_t attempts_made,
                                              Draw draw) {
  if (attempts_made >= policy.attempts) return std::nullopt;
  RetryPolicy waits;
  waits.jitter = Jitter::full;
  waits.base = policy.base;
  waits.cap = policy.cap;
  return backoff(waits, attempts_made - 1, Milliseconds{0}, draw);
}

std::optional<PacketLine> line_of_hand_over(
    const PacketBook& book, std::uint64_t packet, HandedTo to, bool went, std::uint32_t attempts) {
  const auto found = book.live.find(packet);
  if (found == book.live.end() || found->second.handed.contains(to)) return std::nullopt;
  PacketLine line =
      line_of(book, packet, went ? PacketEvent::handed_over : PacketEvent::not_handed_over);
  line.to = to;
  line.attempts = attempts;
  return line;
}

}  // namespace smokeledger::probes::core
