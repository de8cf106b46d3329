#include "daemon/client_drills.h"

#include <utility>

#include "daemon/check_id.h"
#include "probes/core/drill_outcome.h"

namespace smokeledger::daemon {

ClientDrills::ClientDrills(Parts parts) : parts_(std::move(parts)) {}

ClientDrills::~ClientDrills() {
  for (auto& [probe, open] : open_) {
    if (open.limit) parts_.clock.cancel(*open.limit);
  }
}

void ClientDrills::use(const Plans& plans) {
  plans_.clear();
  for (const auto& plan : plans) {
    if (core::is_client_drill(*plan)) plans_.emplace(plan->name, plan);
  }
}

boost::system::result<ClientDrills::Begun, ClientDrills::Refusal> ClientDrills::begin(
    const std::string& probe, std::optional<std::uint32_t> caller_uid) {
  const auto found = plans_.find(probe);
  if (found == plans_.end()) return Refusal{"no client drill of this name is configured"};
  if (stopping_ || !parts_.journal.writable()) return Refusal{"the service is ending"};
  if (open_.contains(probe)) return Refusal{"this drill is under way"};
  const auto& plan = found->second;
  const std::string check_id =
      next_check_id(parts_.journal.state(), probe, parts_.clock.stamp().wall);
  if (parts_.drills == nullptr || !parts_.drills->begin(plan, check_id)) {
    return Refusal{"another drill by the script " + plan->drill->scripts.front() + " is under way"};
  }
  Open open{plan, check_id, caller_uid, std::nullopt};
  open.limit = parts_.clock.at(parts_.clock.now() + longest, [this, probe] {
    open_.at(probe).limit.reset();
    close(probe, {}, core::RunEnd::aborted, "client_never_ended", [](const Recorded&) {});
  });
  open_.emplace(probe, std::move(open));
  return Begun{check_id, plan->drill->stub_url, plan->drill->terms.asked};
}

void ClientDrills::end(const std::string& probe,
                       const std::string& check_id,
                       Drills::Ended ended,
                       Done done) {
  const auto found = open_.find(probe);
  if (found == open_.end() || found->second.check_id != check_id || found->second.ended) {
    return done(Refusal{"no drill of this id is under way"});
  }
  close(probe, ended, core::RunEnd::finished, nullptr, std::move(done));
}

void ClientDrills::close(
    const std::string& probe, Drills::Ended ended, core::RunEnd how, const char* fact, Done done) {
  Open& open = open_.at(probe);
  open.ended = true;
  if (open.limit) parts_.clock.cancel(*open.limit);
  open.limit.reset();
  parts_.drills->end(open.check_id,
                     ended,
                     [this, probe, how, fact, done = std::move(done)](core::DrillVerdict verdict) {
                       if (fact != nullptr) verdict.findings.emplace_back(fact);
                       record(probe, how, verdict, done);
                     });
}

void ClientDrills::record(const std::string& probe,
                          core::RunEnd how,
                          const core::DrillVerdict& verdict,
                          const Done& done) {
  const Open& open = open_.at(probe);
  const core::RunFacts facts{open.check_id, core::Trigger::manual, parts_.build, how};
  core::Outcome outcome = core::conclude_client_drill(*open.plan, facts, verdict);
  outcome.caller_uid = open.caller_uid;
  parts_.journal.append({core::OutcomeLine{std::move(outcome)}},
                        [this, probe, done](const Records* records) {
                          open_.erase(probe);
                          if (records == nullptr) {
                            done(Refusal{"its outcome line could not be written"});
                          } else {
                            done(records->back());
                          }
                          stopped_if_idle();
                        });
}

void ClientDrills::stop(std::function<void()> done) {
  stopping_ = true;
  stopped_ = std::move(done);
  if (parts_.drills != nullptr) parts_.drills->hurry();
  std::vector<std::string> under_way;
  for (const auto& [probe, open] : open_) {
    if (!open.ended) under_way.push_back(probe);
  }
  for (const auto& probe : under_way) {
    close(probe, {}, core::RunEnd::aborted, nullptr, [](const Recorded&) {});
  }
  stopped_if_idle();
}

void ClientDrills::stopped_if_idle() {
  if (stopping_ && open_.empty() && stopped_) std::exchange(stopped_, nullptr)();
}

}  // namespace smokeledger::daemon
