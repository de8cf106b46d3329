#include "probes/run/slots.h"

#include <algorithm>
#include <utility>

namespace smokeledger::probes::run {

bool Slots::free_for(const Waiting& waiting) const {
  const auto held = held_per_provider_.find(waiting.provider);
  const std::uint32_t of_provider = held == held_per_provider_.end() ? 0 : held->second;
  return held_.size() < in_all_ && of_provider < waiting.per_provider;
}

void Slots::grant_waiting() {
  for (;;) {
    const auto next = std::find_if(
        queue_.begin(), queue_.end(), [&](const Waiting& waiting) { return free_for(waiting); });
    if (next == queue_.end()) return;
    Waiting granted = std::move(*next);
    queue_.erase(next);
    held_.emplace(granted.ticket, granted.provider);
    ++held_per_provider_[granted.provider];
    granted.granted();  // may acquire or release: the queue is searched anew
  }
}

Slots::Ticket Slots::acquire(const std::string& provider,
                             std::uint32_t per_provider,
                             std::function<void()> granted) {
  const Ticket ticket = ++last_ticket_;
  queue_.push_back({ticket, provider, per_provider, std::move(granted)});
  grant_waiting();
  return ticket;
}

void Slots::release(Ticket ticket) {
  queue_.remove_if([&](const Waiting& waiting) { return waiting.ticket == ticket; });
  const auto held = held_.find(ticket);
  if (held == held_.end()) return;
  if (--held_per_provider_[held->second] == 0) held_per_provider_.erase(held->second);
  held_.erase(held);
  grant_waiting();
}

}  // namespace smokeledger::probes::run
