#include "daemon/stub_host.h"

#include <algorithm>

namespace smokeledger::daemon {

StubHost::StubHost(boost::asio::io_context& io,
                   const config::StubConfig& config,
                   probes::run::Clock& clock,
                   const std::string& ledger_tag)
    : address_(config.listen_address) {
  if (address_.empty()) return;
  stub_ = std::make_unique<probes::stub::Stub>(
      io, probes::stub::StubOptions{.request_header = config.request_header});
  drills_ = std::make_unique<Drills>(Drills::Parts{
      clock, stub_->arrivals(), [stub = stub_.get()] { return stub->now(); }, ledger_tag});
}

std::optional<std::string> StubHost::listen() {
  if (stub_ == nullptr) return std::nullopt;
  const auto port = stub_->listen(address_);
  if (port) return std::nullopt;
  return "the stub " + port.error();
}

bool any_counted_by_stub(const std::vector<std::shared_ptr<const core::ProbePlan>>& plans) {
  return std::any_of(
      plans.begin(), plans.end(), [](const auto& plan) { return core::is_counted_by_stub(*plan); });
}

}  // namespace smokeledger::daemon
