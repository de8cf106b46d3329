// A keeper of packets over a real ledger.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/packet_keeper.h"
#include "tests/daemon/service_house.h"
#include "tests/support/packet_house.h"
#include "tests/support/plans.h"

namespace smokeledger::tests {

struct PacketDesk {
  explicit PacketDesk(bool with_key = false) : signs(with_key) { begin(); }
  ~PacketDesk() { end(); }

  void begin() {
    auto options = signs ? signing_options_in(dir.path()) : options_in(dir.path());
    options.open_file = disk.opener();
    auto opened = exporters::ledger::Ledger::open(options).value();
    const auto newest_seq = opened->next_seq() - 1;
    daemon::Journal::Restored restored{opened->state(), opened->reviews(), opened->packets()};
    ledger = std::make_unique<exporters::ledger::LedgerThread>(std::move(opened));
    journal = std::make_unique<daemon::Journal>(
        daemon::Journal::Parts{*ledger,
                               clock,
                               [this](auto work) { io.post(std::move(work)); },
                               [this](const daemon::Records& records) {
                                 if (keeps) keeper->observe(records);
                                 note(records);
                                 if (then) then(records);
                               },
                               [](const std::string&) {}},
        std::move(restored));
    keeper = std::make_unique<daemon::PacketKeeper>(*journal, clock, newest_seq);
    daemon::config::Config config;
    config.environment = "staging";
    config.probes.push_back(std::make_shared<const core::ProbePlan>(walk_plan()));
    keeper->use(config);
  }
  void end() {
    keeper.reset();
    journal.reset();
    ledger.reset();
  }
  void restart() {
    end();
    begin();
    keeper->start();
    settle();
  }

  void note(const daemon::Records& records) {
    for (const auto& record : records) {
      const auto* line = std::get_if<core::PacketLine>(&record.line());
      if (line == nullptr) continue;
      events.emplace_back(core::word(line->event));
      packets.push_back(record.ledger_id());
    }
  }
  void append(core::Line line) {
    journal->append({std::move(line)}, [](const daemon::Records*) {});
    settle();
  }
  // Until nothing is on its way any more.
  void settle() {
    for (int round = 0; round < 5; ++round) {
      bool reached = false;
      journal->use_policies({}, [&](bool) { reached = true; });
      while (!reached) io.run();
    }
  }
  daemon::PacketKeeper::Answer deliver(core::AlertDelivery delivery) {
    daemon::PacketKeeper::Answer answer;
    keeper->deliver(std::move(delivery), [&](const auto& given) { answer = given; });
    settle();
    return answer;
  }
  daemon::PacketKeeper::Answer say(core::PacketLine line) {
    daemon::PacketKeeper::Answer answer;
    keeper->say(std::move(line), [&](const auto& given) { answer = given; });
    settle();
    return answer;
  }

  bool signs;  // a packet gets its proof
  ScratchDir dir;
  BreakableDisk disk;
  WorldClock clock;
  IoQueue io;
  bool keeps = true;  // false: lines become durable, and the process ends before it asks
  std::function<void(const daemon::Records&)> then = {};  // whoever else looks at durable lines
  std::vector<std::string> events;
  std::vector<std::string> packets;  // ledger ids of the lines that said so
  std::unique_ptr<exporters::ledger::LedgerThread> ledger;
  std::unique_ptr<daemon::Journal> journal;
  std::unique_ptr<daemon::PacketKeeper> keeper;
};

}  // namespace smokeledger::tests
