#include "exporters/ledger/replay.h"

#include <map>
#include <utility>
#include <vector>

#include "exporters/ledger/check_ids.h"
#include "exporters/ledger/replay_run.h"
#include "probes/core/policy.h"
#include "probes/core/recompute.h"
#include "probes/core/state.h"

namespace smokeledger::exporters::ledger {
namespace {

using core::Outcome;

std::string counted(std::uint64_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const auto& item : items) text.append(text.empty() ? "" : " ").append(item);
  return text;
}

// A policy line that could be read, or why not.
struct Policy {
  std::optional<core::ProbePlan> plan;
  std::string problem;
};

struct Probe {
  explicit Probe(const std::string& name) : check_ids(name) {}

  RecordedRun open{};        // no lines: none
  std::string began_before;  // the run that was under way when the first segment began
  CheckIds check_ids;
};

// What a configuration and a policy say alike in every outcome.
struct Shared {
  std::string ledger_id;  // of the first such outcome
  std::string environment;
  std::string links;
};

class Replay {
 public:
  explicit Replay(const std::function<void(const ReplayFinding&)>& found) : found_(found) {}

  void see(const Frame& frame, const core::Line& line) {
    const std::string id(frame.ledger_id);
    if (const auto* policy = std::get_if<core::PolicyLine>(&line)) {
      see(id, *policy);
    } else if (const auto* attempt = std::get_if<core::AttemptLine>(&line)) {
      see(CitedAttempt{id, *attempt});
    } else if (const auto* outcome = std::get_if<core::OutcomeLine>(&line)) {
      see(CitedOutcome{id, frame.recorded_at, outcome->outcome});
    } else if (const auto* open = std::get_if<core::OpenLine>(&line); open && open->behind_break) {
      ++result_.breaks;
      probes_.clear();  // the lines behind carry what is known
      state_ = {};
    } else if (const auto* carry = std::get_if<core::CarryLine>(&line)) {
      see(carry->state);
    }
    core::fold(state_, line, frame.recorded_at);
  }
  Replayed finish(std::optional<Problem> problem) {
    for (const auto& [name, probe] : probes_) result_.under_way += !probe.open.lines.empty();
    result_.problem = std::move(problem);
    return result_;
  }

 private:
  Probe& probe_of(const std::string& name) { return probes_.try_emplace(name, name).first->second; }

  std::uint32_t in_vain(const std::string& probe) const {
    const auto known = state_.probes.find(probe);
    return known == state_.probes.end() ? 0 : known->second.retries_without_recovery;
  }

  void other(const std::string& ledger_id, core::Difference difference) {
    found_({ledger_id, std::move(difference)});
    ++result_.other_lines;
  }

  void see(const std::string& ledger_id, const core::PolicyLine& line) {
    const std::string sha256 = hex(hasher_({line.policy}));
    if (sha256 != line.policy_sha256) {
      return other(ledger_id, {"policy_sha256", line.policy_sha256, sha256});
    }
    if (policies_.contains(sha256)) return;
    auto read = core::read_policy(line.policy);
    if (!read) {
      policies_[sha256].problem = "the policy cannot be read: " + read.error();
      return;
    }
    if (read->name != line.probe) other(ledger_id, {"probe", line.probe, read->name});
    read->policy_sha256 = sha256;
    policies_[sha256].plan = std::move(*read);
  }

  // Tells something new only where the lines that led to it were retired.
  void see(const core::ProbeState& carried) {
    if (probes_.contains(carried.probe)) return;
    Probe& probe = probe_of(carried.probe);
    probe.check_ids.go_on_from(carried.day, carried.runs_today);
    if (carried.open_run) probe.began_before = carried.open_run->last.check_id;
  }

  void see(CitedAttempt cited) {
    Probe& probe = probe_of(cited.line.probe);
    if (cited.line.check_id == probe.began_before) return;
    if (!probe.open.lines.empty() && probe.open.check_id() != cited.line.check_id) forsake(probe);
    if (probe.open.lines.empty()) {
      const std::string expected = probe.check_ids.check(cited.line.check_id);
      if (!expected.empty()) {
        probe.open.findings.push_back(
            {cited.ledger_id, {"check_id", cited.line.check_id, expected}});
      }
    }
    if (probe.open.lines.empty()) probe.open.retries_without_recovery = in_vain(cited.line.probe);
    add_line(probe.open, std::move(cited));
  }

  // The probe went on, and this run never got its outcome.
  void forsake(Probe& probe) {
    for (auto& finding : probe.open.findings) other(finding.ledger_id, finding.difference);
    other(probe.open.lines.back().ledger_id,
          {"check_id", probe.open.check_id(), "one that an outcome line has, too"});
    probe.open = {};
  }

  void see(const CitedOutcome& cited) {
    const Outcome& outcome = cited.outcome;
    Probe& probe = probe_of(outcome.probe);
    if (outcome.check_id == probe.began_before) {
      ++result_.retired;
      return;
    }
    std::vector<ReplayFinding> findings;
    if (!probe.open.lines.empty() && probe.open.check_id() != outcome.check_id) forsake(probe);
    if (probe.open.lines.empty()) {
      const std::string expected = probe.check_ids.check(outcome.check_id);
      if (!expected.empty()) {
        findings.push_back({cited.ledger_id, {"check_id", outcome.check_id, expected}});
      }
    }
    if (probe.open.lines.empty()) probe.open.retries_without_recovery = in_vain(outcome.probe);
    const RecordedRun run = std::exchange(probe.open, {});
    const auto known = policies_.find(outcome.policy_sha256);
    const bool readable = known != policies_.end() && known->second.plan;
    if (!readable && (!core::closed_without_policy(outcome) || run.lines.empty())) {
      findings.push_back({cited.ledger_id,
                          {"policy_sha256",
                           outcome.policy_sha256,
                           known == policies_.end() ? "a policy line: there is none before it"
                                                    : known->second.problem},
                          false});
      return tell(findings, false);
    }
    auto judged = judge_run(run, cited, readable ? &*known->second.plan : nullptr);
    findings.insert(findings.end(), judged.begin(), judged.end());
    compare_shared(findings, cited);
    tell(findings, true);
  }

  // Links and environment stand in no policy line: but they cannot change without a configuration.
  void compare_shared(std::vector<ReplayFinding>& findings, const CitedOutcome& cited) {
    const Outcome& outcome = cited.outcome;
    if (core::end_of(outcome) == core::RunEnd::crashed) return;  // of the start that closed it
    const std::string links = joined(outcome.evidence_links);
    const auto [first, fresh] =
        shared_.try_emplace({outcome.policy_sha256, outcome.config_sha256},
                            Shared{cited.ledger_id, outcome.environment, links});
    const std::string as = ", as in " + first->second.ledger_id;
    if (first->second.links != links) {
      findings.push_back({cited.ledger_id, {"evidence_links", links, first->second.links + as}});
    }
    if (first->second.environment != outcome.environment) {
      findings.push_back(
          {cited.ledger_id, {"environment", outcome.environment, first->second.environment + as}});
    }
  }

  void tell(const std::vector<ReplayFinding>& findings, bool replayed) {
    for (const auto& finding : findings) found_(finding);
    result_.outcomes += replayed;
    result_.not_replayed += !replayed;
    result_.differ += replayed && !findings.empty();
  }

  const std::function<void(const ReplayFinding&)>& found_;
  Hasher hasher_;
  core::State state_;                       // before the line that is looked at
  std::map<std::string, Policy> policies_;  // by hash
  std::map<std::string, Probe> probes_;
  std::map<std::pair<std::string, std::string>, Shared> shared_;  // by policy and configuration
  Replayed result_;
};

}  // namespace

Result<Replayed> replay(const std::filesystem::path& dir,
                        const std::function<void(const ReplayFinding&)>& found) {
  auto reader = Reader::open(dir);
  if (!reader) return reader.error();
  Replay pass(found);
  while (true) {
    auto item = reader->next();
    if (item && !*item) return pass.finish(std::nullopt);
    if (item) {
      if (auto line = reader->decode(**item)) {
        pass.see((*item)->frame, *line);
        continue;
      }
    }
    if (!reader->problem()) return item.error();
    return pass.finish(reader->problem());
  }
}

std::string sentence(const Replayed& replayed) {
  std::string text = counted(replayed.outcomes, "outcome") + " replayed, " +
                     std::to_string(replayed.differ) +
                     (replayed.differ == 1 ? " differs, " : " differ, ") +
                     std::to_string(replayed.not_replayed) + " could not be replayed";
  if (replayed.other_lines > 0) {
    text += "; " + counted(replayed.other_lines, "contradiction") + " in attempt and policy lines";
  }
  if (replayed.retired > 0) {
    text += "; " + counted(replayed.retired, "outcome") + " began in a segment that was retired";
  }
  if (replayed.under_way > 0) {
    text += "; " + counted(replayed.under_way, "run") + " under way, without an outcome yet";
  }
  if (replayed.breaks > 0) {
    text += "; " + counted(replayed.breaks, "stated break") + ", inside which nothing was replayed";
  }
  if (replayed.problem) {
    text += "; damaged: " + replayed.problem->text() + "; nothing behind it was replayed";
  }
  return text;
}

}  // namespace smokeledger::exporters::ledger
