// A Transport that appends the attempt line and sends only when it is durable.
#pragma once

#include <map>

#include "daemon/journal.h"
#include "probes/run/seams.h"

namespace smokeledger::daemon {

// io thread only. `journal`, `inner` and `clock` outlive it. What the line took to become durable
// counts: the request's timeout is shortened by it.
class JournaledTransport : public probes::run::Transport {
 public:
  JournaledTransport(Journal& journal, Transport& inner, const probes::run::Clock& clock)
      : journal_(journal), inner_(inner), clock_(clock) {}

  // When the line cannot be written nothing is sent and the exchange is an `aborted` fault.
  SendId send(probes::run::Outgoing, std::function<void(core::Exchange)>) override;
  void cancel(SendId) override;

 private:
  Journal& journal_;
  Transport& inner_;
  const probes::run::Clock& clock_;
  SendId last_ = 0;
  std::map<SendId, SendId> sends_;  // ours -> the inner one; 0 while the line is on its way
};

}  // namespace smokeledger::daemon
