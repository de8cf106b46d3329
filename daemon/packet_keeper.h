// Keeps escalation packets: asks after each outcome, for each delivery of alerts and for each
// person which lines are due, and writes them one question after the other, so that no answer is
// made from a book that lacks lines on their way. io thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>

#include "daemon/config/config.h"
#include "daemon/journal.h"
#include "daemon/projections.h"
#include "probes/core/packet_alerts.h"
#include "probes/core/packet_hand_over.h"
#include "probes/core/packet_policy.h"
#include "probes/run/seams.h"

namespace smokeledger::daemon {

class PacketKeeper {
 public:
  // `newest_seq`: of the ledger as it was opened. Journal and clock outlive it.
  PacketKeeper(Journal& journal, const probes::run::Clock& clock, std::uint64_t newest_seq)
      : journal_(journal), clock_(clock), newest_seq_(newest_seq) {}

  void use(const config::Config&);
  // What a crash left undone between an outcome and its line.
  void start();
  // Lines that became durable.
  void observe(const Records&);

  // How a question ended. Everything that was due is durable, except: `full`, some alert needs a
  // packet and there are too many; `not_written`, ask again later; `refused`, with why.
  struct Answer {
    enum class Kind { kept, full, not_written, refused };
    Kind kind = Kind::kept;
    std::string ledger_id;  // of the last line written for it; empty: none was due
    std::string why;        // of refused
  };
  using Done = std::function<void(const Answer&)>;
  // More deliveries than these wait for the disk: not_written, at once.
  static constexpr std::size_t most_waiting = 64;
  void deliver(core::AlertDelivery, Done);
  // What a person said, as line_of_person() takes it.
  void say(core::PacketLine, Done);
  // How handing it over ended; no line where the packet was closed meanwhile.
  void hand_over(std::uint64_t packet, core::HandedTo, bool went, std::uint32_t attempts, Done);

  // No more: each is answered at once that it was not written.
  void stop() { stopped_ = true; }

 private:
  // What is due now, or why nothing ever is.
  struct Due {
    std::vector<core::PacketLine> lines;
    bool full = false;
    std::string refused;
  };
  struct Question {
    std::function<Due()> due;
    Done done;
    std::string ledger_id;
  };

  void ask_for(const std::string& probe);
  void put(std::function<Due()> due, Done done);
  void go_on();
  void ask();
  void end(Answer);

  Journal& journal_;
  const probes::run::Clock& clock_;
  std::uint64_t newest_seq_;
  std::map<std::string, core::PacketPolicy> policies_;  // by probe
  core::AlertScope scope_;
  std::deque<Question> waiting_;
  bool asking_ = false;    // the first of them, its lines are on their way
  bool going_on_ = false;  // go_on() is on the stack
  bool wrote_ = false;     // since the last checkpoint
  bool stopped_ = false;
};

// Has the metrics count live packets anew, where one of the lines is of a packet.
void tell_packets(Projections&, const Records&, const core::PacketBook&);

}  // namespace smokeledger::daemon
