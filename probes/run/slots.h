// How many requests may be in flight: in all, and per provider. A run holds a slot only while its
// request is on the way, never while it waits in backoff. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <string>

namespace smokeledger::probes::run {

class Slots {
 public:
  using Ticket = std::uint64_t;

  explicit Slots(std::uint32_t in_all) : in_all_(in_all) {}

  // Calls `granted` when a slot is free: at once, or from a later release(), in the order of asking
  // except that nobody waits behind a provider that is full.
  Ticket acquire(const std::string& provider,
                 std::uint32_t per_provider,
                 std::function<void()> granted);
  // Gives back a slot, or a place in the queue. Unknown tickets have no effect.
  void release(Ticket);
  // Takes effect for the next grant.
  void set_limit(std::uint32_t in_all) { in_all_ = in_all; }

  std::uint32_t in_flight() const { return static_cast<std::uint32_t>(held_.size()); }

 private:
  struct Waiting {
    Ticket ticket;
    std::string provider;
    std::uint32_t per_provider;
    std::function<void()> granted;
  };
  bool free_for(const Waiting&) const;
  void grant_waiting();

  std::uint32_t in_all_;
  Ticket last_ticket_ = 0;
  std::map<Ticket, std::string> held_;
  std::map<std::string, std::uint32_t> held_per_provider_;
  std::list<Waiting> queue_;
};

}  // namespace smokeledger::probes::run
