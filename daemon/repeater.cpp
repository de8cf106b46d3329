#include "daemon/repeater.h"

#include <algorithm>
#include <utility>

#include "daemon/config/worst_line.h"
#include "exporters/ledger/query.h"
#include "probes/core/policy.h"
#include "probes/core/repeat.h"

namespace smokeledger::daemon {
namespace {

using exporters::ledger::OutcomeAndPolicy;

std::string joined(const std::vector<std::string>& clauses) {
  std::string text;
  for (const auto& clause : clauses) text.append(text.empty() ? "" : "; ").append(clause);
  return text;
}

}  // namespace

// What the projections thread read.
struct Repeater::Found {
  std::string ledger_id;
  exporters::ledger::Result<std::optional<OutcomeAndPolicy>> outcome;
};

void Repeater::use(const config::Config& config) {
  ledger_name_ = config.ledger.name;
  probes_ = config.probes;
  providers_ = config.providers;
  routes_ = config.routes;
  contracts_ = config.contracts;
}

void Repeater::repeat(const std::string& ledger_id,
                      std::optional<std::uint32_t> caller_uid,
                      Done done) {
  parts_.projections.post([this,
                           post = parts_.post,
                           dir = parts_.ledger_dir,
                           ledger_id,
                           caller_uid,
                           done = std::move(done)](exporters::metrics::Metrics&) {
    const auto found =
        std::make_shared<Found>(Found{ledger_id, exporters::ledger::find_outcome(dir, ledger_id)});
    post([this, found, caller_uid, done] { go_on(*found, caller_uid, done); });
  });
}

void Repeater::go_on(const Found& found,
                     std::optional<std::uint32_t> caller_uid,
                     const Done& done) {
  Repeated repeated;
  const auto refuse = [&](const std::string& why) {
    repeated.now.not_run = why;
    done(repeated);
  };
  if (!found.outcome) return refuse("the ledger cannot be read: " + found.outcome.error().message);
  if (!*found.outcome) return refuse("no outcome has the ledger id " + found.ledger_id);
  const OutcomeAndPolicy& older = **found.outcome;
  repeated.then = older.outcome.bytes;
  repeated.now.probe = older.outcome.outcome().probe;
  if (!older.policy) return refuse("the policy line that it cites is not in the ledger");
  auto recorded = core::read_policy(older.policy->policy);
  if (!recorded) return refuse("the policy that it cites cannot be read: " + recorded.error());
  const auto probe = std::find_if(
      probes_.begin(), probes_.end(), [&](const auto& of) { return of->name == recorded->name; });
  recorded->policy_sha256 = older.policy->policy_sha256;
  auto anew = core::repeat(
      *recorded,
      {providers_, routes_, contracts_, probe == probes_.end() ? nullptr : probe->get()});
  if (!anew.plan) return refuse("it cannot be repeated: " + joined(anew.refusals));
  // A line too long to be written would end the service: such a run is not begun.
  const std::size_t bytes = config::worst_line_bytes(*anew.plan, ledger_name_);
  if (bytes > config::longest_ledger_line) {
    return refuse("it cannot be repeated: its ledger line could have " + std::to_string(bytes) +
                  " bytes, and " + std::to_string(config::longest_ledger_line) + " are allowed");
  }
  parts_.service.run_by({std::make_shared<const core::ProbePlan>(*anew.plan), *older.policy},
                        caller_uid,
                        [repeated, done](std::vector<ManualResult> results) mutable {
                          repeated.now = std::move(results.front());
                          done(std::move(repeated));
                        });
}

}  // namespace smokeledger::daemon
