#include "daemon/journaled_transport.h"

#include <utility>

namespace smokeledger::daemon {

probes::run::Transport::SendId JournaledTransport::send(
    probes::run::Outgoing outgoing, std::function<void(core::Exchange)> callback) {
  const SendId id = ++last_;
  sends_.emplace(id, 0);
  const core::Instant asked = clock_.now();
  std::vector<core::Line> lines{outgoing.line};
  journal_.append(std::move(lines),
                  [this, id, asked, outgoing = std::move(outgoing), callback = std::move(callback)](
                      const Records* records) mutable {
                    const auto found = sends_.find(id);
                    if (found == sends_.end())
                      return;  // cancelled while the line was being written
                    if (records == nullptr) {
                      sends_.erase(found);
                      return callback(core::Fault{.reason = core::Reason::aborted});
                    }
                    outgoing.request.timeout -= clock_.now() - asked;
                    if (outgoing.request.timeout <= core::Milliseconds{0}) {
                      sends_.erase(found);
                      return callback(core::Fault{.reason = core::Reason::timeout});
                    }
                    found->second = inner_.send(std::move(outgoing),
                                                [this, id, callback](core::Exchange exchange) {
                                                  sends_.erase(id);
                                                  callback(std::move(exchange));
                                                });
                  });
  return id;
}

void JournaledTransport::cancel(SendId id) {
  const auto found = sends_.find(id);
  if (found == sends_.end()) return;
  if (found->second != 0) inner_.cancel(found->second);
  sends_.erase(found);
}

}  // namespace smokeledger::daemon
