#include "daemon/drills.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace smokeledger::daemon {

using probes::stub::Came;
using probes::stub::Watch;

Drills::Drills(Parts parts) : parts_(std::move(parts)) {}

Drills::~Drills() {
  for (auto& [id, drill] : drills_) {
    if (drill.timer) parts_.clock.cancel(*drill.timer);
    parts_.arrivals.unwatch(drill.watch);
  }
}

// Our own walk is known by its request id. Behind a gateway, and from a real client, whatever comes
// under the script counts, except what other runs of this ledger send.
Watch Drills::watch_for(const core::DrillPlan& drill, const std::string& own_id) const {
  if (drill.of == core::DrillOf::walk) {
    return {[own_id](const Came& came) { return came.request == own_id; }, false};
  }
  return {
      [own_id, script = drill.scripts.front(), ours = '.' + parts_.ledger_tag](const Came& came) {
        return came.script == script && (came.request == own_id || !came.request.ends_with(ours));
      },
      drill.terms.asked == 1};
}

bool Drills::begin(std::shared_ptr<const core::ProbePlan> plan, const std::string& check_id) {
  Drill drill;
  if (plan->drill->of != core::DrillOf::walk) drill.script = plan->drill->scripts.front();
  const bool in_use = std::any_of(drills_.begin(), drills_.end(), [&](const auto& other) {
    return !drill.script.empty() && other.second.script == drill.script;
  });
  if (in_use) return false;
  drill.watch = parts_.arrivals.watch(watch_for(*plan->drill, check_id + '.' + parts_.ledger_tag));
  drill.plan = std::move(plan);
  drills_.emplace(check_id, std::move(drill));
  return true;
}

void Drills::end(const std::string& check_id, Ended ended, Judged judged) {
  const auto found = drills_.find(check_id);
  if (found == drills_.end()) return;
  Drill& drill = found->second;
  drill.seen.answered_at = parts_.stub_time();
  drill.seen.client = ended.client;
  drill.seen.exit_code = ended.exit_code;
  drill.judged = std::move(judged);
  if (hurried_) return judge(check_id);
  drill.timer = parts_.clock.at(parts_.clock.now() + drill.plan->drill->settle,
                                [this, check_id] { judge(check_id); });
}

void Drills::hurry() {
  hurried_ = true;
  std::vector<std::string> settling;
  for (const auto& [check_id, drill] : drills_) {
    if (drill.timer) settling.push_back(check_id);
  }
  for (const auto& check_id : settling) {
    parts_.clock.cancel(*drills_.at(check_id).timer);
    judge(check_id);
  }
}

void Drills::judge(const std::string& check_id) {
  // Out of the map first: the callback may begin or end others.
  auto node = drills_.extract(check_id);
  Drill& drill = node.mapped();
  const probes::stub::RequestLog& log = parts_.arrivals.watched(drill.watch);
  drill.seen.arrivals = log.total();
  drill.seen.requests.assign(log.requests().begin(), log.requests().end());
  parts_.arrivals.unwatch(drill.watch);
  drill.judged(core::judge_drill(drill.plan->drill->terms, drill.seen));
}

}  // namespace smokeledger::daemon
