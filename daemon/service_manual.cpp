// Runs that a person asked for.
#include <algorithm>
#include <utility>

#include "daemon/service_entry.h"

namespace smokeledger::daemon {

// Why this probe cannot be run now, and from when it may; nothing: it can.
std::optional<ManualResult> Service::refusal(const std::string& probe) {
  const Entry* entry = find(probe);
  ManualResult refused{probe, std::nullopt, {}, std::nullopt};
  if (entry == nullptr) {
    refused.not_run = "no probe of this name is configured";
  } else if (core::is_client_drill(*entry->plan)) {
    refused.not_run = "it drills a client: smokeledger drill " + probe + " -- CLIENT COMMAND";
  } else if (stopping_ || !parts_.journal.writable()) {
    refused.not_run = "the service is ending";
  } else if (entry->busy()) {
    refused.not_run = "a run of this probe is under way";
  } else {
    const core::Stamp now = parts_.clock.stamp();
    const auto from = core::allowed_from(entry->plan->schedule, progress_of(*entry), now.boot);
    if (from <= now.boot) return std::nullopt;
    refused.not_run = "the minimum interval since its last attempt is not over";
    refused.allowed_from = now.wall + std::chrono::ceil<std::chrono::seconds>(from - now.boot);
  }
  return refused;
}

void Service::begin_manual(Entry& entry,
                           std::shared_ptr<const core::ProbePlan> plan,
                           std::optional<std::uint32_t> caller_uid) {
  if (entry.timer) parts_.clock.cancel(*entry.timer);
  entry.timer.reset();
  begin(entry, std::move(plan), core::Trigger::manual, caller_uid);
}

void Service::run_now(const std::vector<std::string>& names,
                      std::optional<std::uint32_t> caller_uid,
                      ManualDone done) {
  auto manual = std::make_shared<Manual>();
  manual->done = std::move(done);
  std::vector<std::string> wanted = names;
  if (wanted.empty()) {
    for (const auto& [name, entry] : entries_) {
      if (!core::is_client_drill(*entry->plan)) wanted.push_back(name);
    }
  }
  std::vector<Entry*> to_begin;
  for (const auto& name : wanted) {
    if (auto refused = refusal(name)) {
      manual->results.push_back(std::move(*refused));
    } else if (manual->waiting.insert(name).second) {  // else named twice
      to_begin.push_back(find(name));
    }
  }
  if (to_begin.empty()) return manual->done(std::move(manual->results));
  manuals_.push_back(manual);
  for (Entry* entry : to_begin) begin_manual(*entry, entry->plan, caller_uid);
}

void Service::run_by(OtherPolicy policy, std::optional<std::uint32_t> caller_uid, ManualDone done) {
  const std::string& probe = policy.plan->name;
  if (auto refused = refusal(probe)) return done({std::move(*refused)});
  auto manual = std::make_shared<Manual>();
  manual->done = std::move(done);
  manual->waiting = {probe};
  manuals_.push_back(manual);
  // The attempt line comes behind it: a line that cannot be written lets nothing be sent.
  parts_.journal.append({std::move(policy.line)}, [](const Records*) {});
  begin_manual(*find(probe), policy.plan, caller_uid);
}

void Service::finish_manual(const std::string& probe, const Records* records) {
  std::vector<std::shared_ptr<Manual>> complete;
  for (auto& manual : manuals_) {
    if (manual->waiting.erase(probe) == 0) continue;
    ManualResult result{probe, std::nullopt, {}, std::nullopt};
    if (records == nullptr) {
      result.not_run = "its outcome line could not be written";
    } else {
      result.outcome = records->back();
    }
    manual->results.push_back(std::move(result));
    if (manual->waiting.empty()) complete.push_back(manual);
  }
  std::erase_if(manuals_, [](const auto& manual) { return manual->waiting.empty(); });
  for (const auto& manual : complete) manual->done(std::move(manual->results));
}

}  // namespace smokeledger::daemon
