#include "exporters/ledger/replay_lines.h"

#include <array>

namespace smokeledger::exporters::ledger {
namespace {

using core::AttemptLine;
using core::Difference;
using core::Milliseconds;
using core::Outcome;

// What every line of a run says alike.
struct SharedMember {
  std::string_view name;
  std::string (*of_line)(const AttemptLine&);
  std::string (*of_outcome)(const Outcome&);
};

std::string number_or_null(const std::optional<std::uint32_t>& number) {
  return number ? std::to_string(*number) : "null";
}

constexpr std::array shared_members{
    SharedMember{"mode",
                 [](const AttemptLine& of) { return std::string(word(of.mode)); },
                 [](const Outcome& of) { return std::string(word(of.mode)); }},
    SharedMember{"trigger",
                 [](const AttemptLine& of) { return std::string(word(of.trigger)); },
                 [](const Outcome& of) { return std::string(word(of.trigger)); }},
    SharedMember{"policy_sha256",
                 [](const AttemptLine& of) { return of.policy_sha256; },
                 [](const Outcome& of) { return of.policy_sha256; }},
    SharedMember{"config_sha256",
                 [](const AttemptLine& of) { return of.config_sha256; },
                 [](const Outcome& of) { return of.config_sha256; }},
    SharedMember{"environment",
                 [](const AttemptLine& of) { return of.environment; },
                 [](const Outcome& of) { return of.environment; }},
    SharedMember{"caller_uid",
                 [](const AttemptLine& of) { return number_or_null(of.caller_uid); },
                 [](const Outcome& of) { return number_or_null(of.caller_uid); }},
};

constexpr Milliseconds longest = std::chrono::days{36'500};

void keep_sane(Findings& findings, AttemptLine& line) {
  Milliseconds boot = line.stamp.boot.time_since_epoch();
  keep_sane(findings, "boot_ms", boot);
  line.stamp.boot = core::Instant{boot};
  keep_sane(findings, "planned_wait_ms", line.planned_wait);
}

// The clock of the boot between two lines of a run.
void check_times(Findings& findings, const AttemptLine& before, const AttemptLine& line) {
  findings.compare("boot_id", line.stamp.boot_id, before.stamp.boot_id);
  const auto boot_ms = line.stamp.boot.time_since_epoch().count();
  const auto earliest = (before.stamp.boot + line.planned_wait).time_since_epoch().count();
  if (boot_ms < earliest) {
    findings.add({"boot_ms",
                  std::to_string(boot_ms),
                  "at least " + std::to_string(earliest) + ": the planned wait was not over"});
  }
}

}  // namespace

void Findings::add(Difference difference) {
  const bool known = std::any_of(found_.begin(), found_.end(), [&](const auto& finding) {
    return finding.difference.field == difference.field;
  });
  if (!known) found_.push_back({ledger_id_, std::move(difference)});
}

void Findings::add(std::vector<Difference> differences, const std::string& prefix) {
  for (auto& difference : differences) {
    difference.field.insert(0, prefix);
    add(std::move(difference));
  }
}

void Findings::compare(std::string_view field,
                       const std::string& recorded,
                       const std::string& recomputed) {
  if (recorded != recomputed) add({std::string(field), recorded, recomputed});
}

void Findings::move_to(std::vector<ReplayFinding>& all) {
  std::move(found_.begin(), found_.end(), std::back_inserter(all));
}

void keep_sane(Findings& findings, const std::string& field, Milliseconds& time) {
  if (time >= Milliseconds{0} && time <= longest) return;
  findings.add({field, std::to_string(time.count()), "0 to " + std::to_string(longest.count())});
  time = Milliseconds{0};
}

void add_line(RecordedRun& run, CitedAttempt cited) {
  AttemptLine& line = cited.line;
  Findings findings(cited.ledger_id);
  keep_sane(findings, line);
  findings.compare("number", std::to_string(line.number), std::to_string(run.lines.size() + 1));
  if (line.previous.has_value() == run.lines.empty()) {
    findings.add({"previous",
                  line.previous ? "an attempt" : "null",
                  run.lines.empty() ? "null" : "the attempt before"});
  }
  if (!run.lines.empty()) {
    const AttemptLine& first = run.lines.front().line;
    for (const auto& member : shared_members) {
      findings.compare(member.name, member.of_line(line), member.of_line(first));
    }
    check_times(findings, run.lines.back().line, line);
  }
  findings.move_to(run.findings);
  run.lines.push_back(std::move(cited));
}

void compare_shared(Findings& findings, const Outcome& outcome, const AttemptLine& line) {
  for (const auto& member : shared_members) {
    findings.compare(member.name, member.of_outcome(outcome), member.of_line(line));
  }
}

}  // namespace smokeledger::exporters::ledger
