// The service's own stub and the drills against it. io thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/drills.h"
#include "probes/stub/stub.h"

namespace smokeledger::daemon {

class StubHost {
 public:
  // Makes nothing where the configuration names no address. Clock and io_context outlive it.
  StubHost(boost::asio::io_context&,
           const config::StubConfig&,
           probes::run::Clock&,
           const std::string& ledger_tag);

  Drills* drills() { return drills_.get(); }  // null where there is no stub

  // Why it cannot listen; nothing: it listens, or there is no stub.
  std::optional<std::string> listen();
  const std::string& address() const { return address_; }  // empty: there is no stub

 private:
  std::string address_;
  std::unique_ptr<probes::stub::Stub> stub_;
  std::unique_ptr<Drills> drills_;
};

// Whether one of these probes needs the stub.
bool any_counted_by_stub(const std::vector<std::shared_ptr<const core::ProbePlan>>&);

}  // namespace smokeledger::daemon
