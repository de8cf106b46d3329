// Hands packets over to the outbox folder and to the webhook: each once its line is proved by a
// checkpoint, the oldest first, one at a time for each of the two, and at least once. How it ended
// is a line. io thread only; evidence is read and files are written on a thread of their own.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/thread_pool.hpp>

#include "daemon/config/config.h"
#include "daemon/journal.h"
#include "daemon/log.h"
#include "daemon/packet_keeper.h"
#include "exporters/packets/gather.h"
#include "probes/core/packet_hand_over.h"
#include "probes/run/seams.h"

namespace smokeledger::daemon {

class HandOver {
 public:
  struct Parts {
    Journal& journal;
    PacketKeeper& keeper;
    probes::run::Clock& clock;
    probes::run::Random& random;
    probes::run::Transport& transport;  // sends at once, without a line of its own
    Log& log;
    Post post;
    std::string ledger_name;
    // How many live packets a target did not get, where it is configured; told when it changes.
    std::function<void(core::HandedTo, std::uint64_t)> tell_not_handed_over;
  };
  explicit HandOver(Parts);
  ~HandOver();  // waits for files that are being written
  HandOver(const HandOver&) = delete;
  HandOver& operator=(const HandOver&) = delete;

  void use(const config::Config&, const std::string& credentials_directory);
  // REQUIRES: a checkpoint was written since the ledger was opened.
  void start();
  // Lines that became durable.
  void observe(const Records&);
  // What is under way is dropped; the next start begins it anew.
  void stop();

 private:
  struct Job;
  using JobPtr = std::shared_ptr<Job>;

  // Of the two, what is going on.
  struct Target {
    bool busy = false;                  // one packet is on its way
    bool waits = false;                 // for us to mend something: nothing is tried for a while
    std::string logged_defect;          // not said again
    std::uint64_t not_handed_over = 0;  // as it was told
  };
  Target& of(core::HandedTo to) { return targets_.at(static_cast<std::size_t>(to)); }

  void check();
  void warn(core::HandedTo, const std::string& why);
  void count();
  void look();
  void begin(std::uint64_t packet, core::HandedTo);
  void compose(const JobPtr&);
  void deliver(const JobPtr&);
  void put_into_outbox(const JobPtr&);
  void post_to_webhook(const JobPtr&);
  void answered(const JobPtr&, const core::Exchange&);
  void put_off(const JobPtr&, const std::string& why);
  void tell(const JobPtr&, bool went, const std::string& why);
  void after(core::Milliseconds, std::function<void()> then);
  // `work` beside the io thread, then `then` with what it gave on it, unless stopped by then.
  void apart(std::function<std::string()> work, std::function<void(const std::string& why)> then);

  Parts parts_;
  config::PacketsConfig packets_;
  std::string credentials_directory_;
  std::string ledger_dir_;
  exporters::packets::Circumstances circumstances_;
  std::uint64_t proved_seq_ = 0;  // lines up to this one
  bool active_ = false;
  std::array<Target, core::Words<core::HandedTo>::list.size()> targets_{};
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::unique_ptr<boost::asio::thread_pool> threads_;  // none: nothing was handed over
};

}  // namespace smokeledger::daemon
