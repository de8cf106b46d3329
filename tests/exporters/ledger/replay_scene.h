// A ledger whose runs show every way an attempt ends, to be changed by hand.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/ledger_fixtures.h"
#include "tests/support/recorded_runs.h"

namespace smokeledger::tests {

// The runs of the ledger, by their number of the day.
inline constexpr std::uint32_t kept = 1;       // usable at once
inline constexpr std::uint32_t retried = 2;    // asked to wait 2 s, then overloaded, then usable
inline constexpr std::uint32_t fell_back = 3;  // three times overloaded, then the fallback
inline constexpr std::uint32_t refused = 4;    // 401
inline constexpr std::uint32_t crashed_run = 5;
inline constexpr std::uint32_t paused = 6;

class Scene {
 public:
  Scene() : plan_(with_policy(walk_plan())) {
    const core::Exchange busy = reply(503, R"({"error":{"code":"overloaded"}})");
    const core::Exchange later = throttled({{"retry-after", "2"}});
    lines_ = {{policy_line(plan_), at(noon)}};
    add(recorded_run(plan_, {chat_ok()}, {.number = kept}));
    add(recorded_run(plan_, {later, busy, chat_ok()}, {.number = retried, .draws = {0.5, 0.25}}));
    add(recorded_run(plan_,
                     {busy, busy, busy, responses_ok()},
                     {.number = fell_back, .draws = {0.5, 0.5, 0.25}}));
    add(recorded_run(plan_, {reply(401, "{}")}, {.number = refused}));
    add(crashed(recorded_run(plan_, {busy, chat_ok()}, {.number = crashed_run}), &plan_));
    add(paused_run(plan_, paused, core::Gap::credential, {"credential_missing:one"}));
  }

  core::PolicyLine& policy() { return std::get<core::PolicyLine>(lines_.front().line); }
  core::Outcome& outcome(std::uint32_t run) {
    return std::get<core::OutcomeLine>(lines_[outcome_at(run)].line).outcome;
  }
  // Of an outcome; counted from 0.
  core::Attempt& attempt(std::uint32_t run, std::size_t index) {
    return outcome(run).attempts.at(index);
  }
  // An attempt line; counted from 0.
  core::AttemptLine& line(std::uint32_t run, std::size_t index) {
    return std::get<core::AttemptLine>(lines_[line_at(run, index)].line);
  }

  // Changes one attempt wherever it is told: as somebody would who knows the format.
  template <class Change>
  void everywhere(std::uint32_t run, std::size_t index, Change change) {
    change(attempt(run, index));
    if (index + 1 < outcome(run).attempts.size()) change(*line(run, index + 1).previous);
  }
  void wait(std::uint32_t run, std::size_t index, core::Milliseconds planned) {
    everywhere(run, index, [&](core::Attempt& of) { of.planned_wait = planned; });
    line(run, index).planned_wait = planned;
    // And lets that time pass.
    for (std::size_t i = index; i < outcome(run).attempts.size(); ++i) {
      line(run, i).stamp.boot += planned;
    }
  }
  // Another policy, with a right hash, under which all runs say they were made.
  void use_policy(const core::ProbePlan& plan) {
    const core::ProbePlan other = with_policy(plan);
    policy() = policy_line(other);
    for (auto& [line, at] : lines_) {
      if (auto* attempt = std::get_if<core::AttemptLine>(&line)) {
        attempt->policy_sha256 = other.policy_sha256;
      } else if (auto* outcome = std::get_if<core::OutcomeLine>(&line)) {
        outcome->outcome.policy_sha256 = other.policy_sha256;
      }
    }
  }
  const core::ProbePlan& plan() const { return plan_; }

  void remove_outcome(std::uint32_t run) { remove(outcome_at(run)); }
  void remove_line(std::uint32_t run, std::size_t index) { remove(line_at(run, index)); }
  void repeat_outcome(std::uint32_t run) {
    const auto place = outcome_at(run);
    const RecordedLine again = lines_[place];
    lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(place), again);
  }
  void rename(std::uint32_t run, const std::string& check_id) {
    const std::size_t attempts = outcome(run).attempts.size();
    for (std::size_t i = 0; i < attempts; ++i) line(run, 0).check_id = check_id;
    outcome(run).check_id = check_id;
  }

  const RecordedLines& lines() const { return lines_; }

 private:
  static std::string id(std::uint32_t run) { return "chat-walk-20261121-00" + std::to_string(run); }
  template <class Fits>
  std::size_t place_of(Fits fits) const {
    const auto found = std::find_if(lines_.begin(), lines_.end(), fits);
    EXPECT_NE(found, lines_.end());
    return static_cast<std::size_t>(found - lines_.begin());
  }
  std::size_t outcome_at(std::uint32_t run) const {
    return place_of([&](const RecordedLine& of) {
      const auto* line = std::get_if<core::OutcomeLine>(&of.line);
      return line != nullptr && line->outcome.check_id == id(run);
    });
  }
  std::size_t line_at(std::uint32_t run, std::size_t index) const {
    return index + place_of([&](const RecordedLine& of) {
             const auto* line = std::get_if<core::AttemptLine>(&of.line);
             return line != nullptr && line->check_id == id(run);
           });
  }
  void remove(std::size_t place) {
    lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(place));
  }
  void add(RecordedLines more) { lines_.insert(lines_.end(), more.begin(), more.end()); }

  core::ProbePlan plan_;
  RecordedLines lines_;
};

}  // namespace smokeledger::tests
