#include "daemon/contract_reviewer.h"

#include <algorithm>
#include <utility>

namespace smokeledger::daemon {

void ContractReviewer::record(core::EndpointFamily family,
                              const std::string& initials,
                              std::optional<std::uint32_t> caller_uid,
                              Done done) {
  const auto contract = std::find_if(
      contracts_.begin(), contracts_.end(), [&](const auto& of) { return of->family == family; });
  if (contract == contracts_.end()) return done(std::nullopt);
  core::ContractReviewLine line{
      {family, (*contract)->version, initials, caller_uid, clock_.stamp().wall}};
  journal_.append({std::move(line)}, [done = std::move(done)](const Records* records) {
    if (records == nullptr) return done(std::nullopt);
    done(records->back().ledger_id());
  });
}

}  // namespace smokeledger::daemon
