#include "daemon/service.h"

#include <algorithm>
#include <utility>

#include "daemon/check_id.h"
#include "daemon/credentials.h"
#include "daemon/service_entry.h"
#include "probes/core/contract_review.h"
#include "probes/core/decision.h"
#include "probes/core/pressure.h"
#include "probes/core/review.h"
#include "probes/core/state.h"

namespace smokeledger::daemon {

namespace {

const core::Outcome* outcome_of(const exporters::ledger::LedgerRecord& record) {
  const auto* line = std::get_if<core::OutcomeLine>(&record.line());
  return line == nullptr ? nullptr : &line->outcome;
}

// As an outcome line names them.
std::vector<std::string> gaps_of(const Credentials& credentials) {
  std::vector<std::string> gaps;
  for (const auto& provider : credentials.missing) gaps.push_back("credential_missing:" + provider);
  for (const auto& [provider, why] : credentials.unusable) {
    gaps.push_back("credential_unusable:" + provider);
  }
  return gaps;
}

}  // namespace

Service::Service(Parts parts)
    : parts_(std::move(parts)), retry_tokens_(parts_.journal.state().providers.retry_tokens) {}

Service::~Service() {
  for (auto& [name, entry] : entries_) {
    if (entry->timer) parts_.clock.cancel(*entry->timer);
  }
}

Service::Entry* Service::find(const std::string& probe) {
  const auto found = entries_.find(probe);
  return found == entries_.end() ? nullptr : found->second.get();
}

const core::ProbeState* Service::state_of(const std::string& probe) const {
  const auto& probes = parts_.journal.state().probes;
  const auto found = probes.find(probe);
  return found == probes.end() ? nullptr : &found->second;
}

void Service::close_crashed_runs(const Plans& plans, std::function<void()> done) {
  std::vector<core::Line> lines;
  for (const auto& [name, state] : parts_.journal.state().probes) {
    if (!state.open_run) continue;
    const auto plan = std::find_if(plans.begin(), plans.end(), [&of = name](const auto& candidate) {
      return candidate->name == of;
    });
    const core::ProbePlan* known = plan == plans.end() ? nullptr : plan->get();
    core::Outcome outcome = core::close_crashed(state, known, parts_.build);
    if (known != nullptr) {
      for (auto& fact : overdue_reviews(*known)) outcome.unresolved.push_back(std::move(fact));
    }
    lines.emplace_back(core::OutcomeLine{std::move(outcome)});
  }
  if (lines.empty()) return done();
  parts_.journal.append(std::move(lines), [this, done = std::move(done)](const Records* records) {
    if (records == nullptr) return;
    for (const auto& record : *records) log_outcome(record);
    done();
  });
}

void Service::use(const Plans& plans, std::uint32_t max_in_flight) {
  slots_.set_limit(max_in_flight);
  outside_providers_ = core::outside_providers(plans);
  for (auto& [name, entry] : entries_) entry->planned = false;
  for (const auto& plan : plans) {
    auto& entry = entries_[plan->name];
    const bool changed = entry == nullptr || entry->plan->policy_sha256 != plan->policy_sha256;
    if (entry == nullptr) entry = std::make_unique<Entry>();
    entry->plan = plan;
    entry->planned = true;
    if (changed && scheduled_) arm(*entry);
  }
  std::vector<std::string> names;
  for (const auto& [name, entry] : entries_) names.push_back(name);
  for (const auto& name : names) drop_if_unplanned(name);
}

void Service::drop_if_unplanned(const std::string& probe) {
  Entry* entry = find(probe);
  if (entry == nullptr || entry->planned || entry->busy()) return;
  if (entry->timer) parts_.clock.cancel(*entry->timer);
  parts_.due_changed(probe, std::nullopt);
  entries_.erase(probe);
}

void Service::start_schedule() {
  scheduled_ = true;
  for (auto& [name, entry] : entries_) arm(*entry);
}

core::Progress Service::progress_of(const Entry& entry) const {
  const core::ProbeState* state = state_of(entry.plan->name);
  core::Progress progress;
  if (state != nullptr) progress = core::progress_of(*state, parts_.clock.stamp());
  if (entry.last_slot) progress.last_slot = entry.last_slot;
  return progress;
}

void Service::arm(Entry& entry) {
  if (entry.timer) parts_.clock.cancel(*entry.timer);
  entry.timer.reset();
  if (stopping_ || !scheduled_ || entry.busy() || !entry.planned) return;
  if (core::is_client_drill(*entry.plan)) return;  // runs when a person has a client at hand
  const core::Stamp now = parts_.clock.stamp();
  const core::Instant when =
      core::next_due(entry.plan->schedule, progress_of(entry), now.boot, parts_.random.draw());
  entry.due_at = when;
  entry.timer = parts_.clock.at(when, [this, &entry] {
    entry.timer.reset();
    due(entry);
  });
  parts_.due_changed(entry.plan->name,
                     now.wall + std::chrono::ceil<std::chrono::seconds>(when - now.boot));
}

void Service::due(Entry& entry) {
  // The host slept, or stood still: the slot was missed, and missed slots are dropped.
  constexpr core::Milliseconds late = std::chrono::minutes{1};
  if (parts_.clock.now() - entry.due_at > late) return arm(entry);
  const bool confirm = progress_of(entry).confirm_wanted &&
                       entry.plan->schedule.confirm_after > core::Milliseconds{0};
  begin(
      entry, entry.plan, confirm ? core::Trigger::confirm : core::Trigger::schedule, std::nullopt);
}

std::vector<std::string> Service::overdue_reviews(const core::ProbePlan& plan) const {
  return core::overdue_reviews(
      plan, parts_.journal.state().contract_reviews, parts_.clock.stamp().wall);
}

const core::QuietWindow* Service::open_window(const core::ProbePlan& plan) const {
  const core::WallTime now = parts_.clock.stamp().wall;
  const auto& windows = plan.schedule.quiet;
  const auto open = std::find_if(windows.begin(), windows.end(), [&](const auto& window) {
    return core::is_open(window, parts_.local_time(window.time_zone, now));
  });
  return open == windows.end() ? nullptr : &*open;
}

void Service::begin(Entry& entry,
                    std::shared_ptr<const core::ProbePlan> by,
                    core::Trigger trigger,
                    std::optional<std::uint32_t> caller_uid) {
  if (stopping_ || !parts_.journal.writable() || entry.busy()) return;
  entry.last_slot = parts_.clock.now();
  entry.running = std::move(by);
  entry.caller_uid = caller_uid;
  const std::string check_id =
      next_check_id(parts_.journal.state(), entry.plan->name, parts_.clock.stamp().wall);
  core::RunFacts facts{check_id, trigger, parts_.build, core::RunEnd::paused};
  facts.unresolved = overdue_reviews(*entry.running);
  if (core::policy_waits(parts_.journal.reviews(), entry.plan->name)) {
    facts.unresolved.emplace_back(core::policy_changed_since_review);
  }
  if (auto fact = core::retry_pressure(*entry.running, state_of(entry.plan->name))) {
    facts.pressure.push_back(std::move(*fact));
  }
  Credentials credentials = gather_credentials(*entry.running, parts_.credentials_directory);
  if (pause(entry, facts, credentials)) return;

  parts_.log.debug("run begins",
                   {{"check_id", facts.check_id}, {"trigger", std::string(word(trigger))}});
  probes::run::RunSetup setup{entry.running,
                              facts.check_id,
                              trigger,
                              parts_.ledger_tag,
                              parts_.build,
                              caller_uid,
                              std::move(credentials.secrets),
                              facts.unresolved,
                              facts.pressure};
  const probes::run::World world{
      parts_.clock, parts_.random, parts_.transport, slots_, retry_tokens_};
  entry.run = std::make_unique<probes::run::Run>(
      world, std::move(setup), [this, &entry, plan = entry.running](core::Outcome outcome) {
        finished(entry, *plan, std::move(outcome));
      });
  entry.run->start();
}

bool Service::pause(Entry& entry, const core::RunFacts& facts, const Credentials& credentials) {
  core::RunFacts paused = facts;
  paused.pressure.clear();  // of runs that send
  std::vector<std::string> unresolved;
  const auto* window = open_window(*entry.running);
  const auto cap = core::daily_cap_reached(
      *entry.running, state_of(entry.plan->name), parts_.clock.stamp().wall);
  if (window != nullptr) {
    paused.gap = core::Gap::window;
    unresolved.push_back("quiet_window:" + window->name);
  } else if (!credentials.complete()) {
    paused.gap = core::Gap::credential;
    unresolved = gaps_of(credentials);
    for (const auto& [provider, why] : credentials.unusable) {
      parts_.log.warning("a credential cannot be used", {{"provider", provider}, {"why", why}});
    }
  } else if (entry.running->contract_review.pause && !overdue_reviews(*entry.running).empty()) {
    paused.gap = core::Gap::contract_review;
  } else if (cap) {
    paused.gap = core::Gap::budget;
    unresolved.emplace_back(*cap);
  } else if (!watch(entry.running, facts.check_id)) {
    paused.gap = core::Gap::not_exercised;
    unresolved.push_back("script_in_use:" + entry.running->drill->scripts.front());
  } else {
    return false;
  }
  record(entry, probes::run::paused_outcome(*entry.running, paused, std::move(unresolved)));
  return true;
}

// One finding for the whole host: said in the log when it begins, and not once a probe.
std::optional<std::string> Service::network_gone(const core::Outcome& outcome) {
  if (outcome.attempts.empty() || outcome.gap == core::Gap::interrupted) return std::nullopt;
  auto fact = core::local_network_gone(
      parts_.journal.state(), outside_providers_, outcome, parts_.clock.stamp().wall);
  const bool reached =
      std::any_of(outcome.attempts.begin(), outcome.attempts.end(), [this](const auto& attempt) {
        const auto& outside = outside_providers_;
        return !core::failed_before_connecting(attempt) &&
               std::find(outside.begin(), outside.end(), attempt.provider) != outside.end();
      });
  if (fact && !network_gone_) {
    parts_.log.warning("no provider can be reached: this host's network seems to be gone",
                       {{"fact", *fact}});
  } else if (reached && network_gone_) {
    parts_.log.info("a provider is reached again");
  }
  // What a loopback provider answers says nothing of the network.
  network_gone_ = fact.has_value() || (network_gone_ && !reached);
  return fact;
}

void Service::record(Entry& entry, core::Outcome outcome) {
  entry.recording = true;
  outcome.caller_uid = entry.caller_uid;
  if (auto gone = network_gone(outcome)) {
    outcome.pressure.push_back(std::move(*gone));
    outcome =
        core::decide(*entry.running, std::move(outcome), core::RunEnd::finished, core::Gap::none);
  }
  const std::string probe = entry.plan->name;
  // The run is inside its own callback here: it is destroyed when the line is acknowledged.
  parts_.journal.append({core::OutcomeLine{std::move(outcome)}},
                        [this, probe](const Records* records) { recorded(probe, records); });
}

void Service::recorded(const std::string& probe, const Records* records) {
  if (Entry* entry = find(probe)) {
    entry->run.reset();
    entry->recording = false;
    if (records != nullptr) {
      for (const auto& record : *records) log_outcome(record);
      arm(*entry);
    }
    drop_if_unplanned(probe);
  }
  finish_manual(probe, records);
  stopped_if_idle();
}

void Service::log_outcome(const exporters::ledger::LedgerRecord& record) {
  const core::Outcome* outcome = outcome_of(record);
  if (outcome == nullptr) return;
  parts_.log.info("outcome recorded",
                  {{"check_id", outcome->check_id},
                   {"ledger_id", record.ledger_id()},
                   {"decision", std::string(word(outcome->decision))},
                   {"rule", outcome->rule},
                   {"status_class", std::string(word(outcome->status_class))},
                   {"reason", std::string(word(outcome->reason))},
                   {"attempts", std::to_string(outcome->attempts.size())},
                   {"check_result", std::string(word(outcome->check_result))}});
}

void Service::stop(std::function<void()> done) {
  stopping_ = true;
  stopped_ = std::move(done);
  if (parts_.drills != nullptr) parts_.drills->hurry();
  for (auto& [name, entry] : entries_) {
    if (entry->timer) parts_.clock.cancel(*entry->timer);
    entry->timer.reset();
    if (entry->run != nullptr) entry->run->abort();
  }
  stopped_if_idle();
}

void Service::stopped_if_idle() {
  const bool idle = std::none_of(
      entries_.begin(), entries_.end(), [](const auto& item) { return item.second->busy(); });
  if (!stopping_ || !idle || !stopped_) return;
  std::exchange(stopped_, nullptr)();
}

}  // namespace smokeledger::daemon
