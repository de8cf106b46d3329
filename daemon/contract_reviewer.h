// Records that a person opened the documentation behind a contract again. io thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "daemon/config/config.h"
#include "daemon/journal.h"
#include "probes/run/seams.h"

namespace smokeledger::daemon {

class ContractReviewer {
 public:
  // Gets the line's ledger id when it is durable, or nothing when it cannot be written.
  using Done = std::function<void(std::optional<std::string> ledger_id)>;

  // Both outlive it.
  ContractReviewer(Journal& journal, const probes::run::Clock& clock)
      : journal_(journal), clock_(clock) {}

  // The contracts in force from now on, one per family: a line names the version.
  void use(const config::Contracts& contracts) { contracts_ = contracts; }

  // No more reviews: each is answered at once that it was not written.
  void stop() { contracts_.clear(); }

  // REQUIRES: core::is_initials(initials).
  void record(core::EndpointFamily,
              const std::string& initials,
              std::optional<std::uint32_t> caller_uid,
              Done);

 private:
  Journal& journal_;
  const probes::run::Clock& clock_;
  config::Contracts contracts_;
};

}  // namespace smokeledger::daemon
