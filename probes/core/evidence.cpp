#include "probes/core/evidence.h"

#include <algorithm>
#include <optional>
#include <set>

#include "probes/core/contract_review.h"
#include "probes/core/decision.h"

namespace smokeledger::probes::core {
namespace {

bool is_error_path(const ProbePlan& plan) {
  // What somebody's client did shows nothing of these routes.
  if (is_client_drill(plan)) return false;
  return failure_expected(plan.expect) || plan.expect == Expectation::use_fallback;
}

bool same_routes(const ProbePlan& one, const ProbePlan& other) {
  return std::equal(one.routes.begin(),
                    one.routes.end(),
                    other.routes.begin(),
                    other.routes.end(),
                    [](const auto& a, const auto& b) { return a->name == b->name; });
}

const SeenOutcome* newest_of(const SeenLines& lines, const ProbePlan& plan) {
  const auto found = lines.outcomes.find({plan.name, plan.policy_sha256});
  return found == lines.outcomes.end() ? nullptr : &found->second;
}

std::string described(const SeenOutcome& outcome) {
  return std::string(word(outcome.decision)) + ", " + std::string(word(outcome.check_result));
}

std::string cited(const SeenOutcome& outcome) {
  return outcome.ledger_id + " of " + format_utc(outcome.recorded_at);
}

// The newest run of a probe by policies that are not in force any more.
const SeenOutcome* newest_by_another_policy(const SeenLines& lines, const ProbePlan& plan) {
  const SeenOutcome* newest = nullptr;
  for (const auto& [key, outcome] : lines.outcomes) {
    if (key.first != plan.name || key.second == plan.policy_sha256) continue;
    if (newest == nullptr || newest->recorded_at < outcome.recorded_at) newest = &outcome;
  }
  return newest;
}

// What is known of one probe, where it is not what is asked for.
std::string why_not(const SeenLines& lines, const ProbePlan& plan) {
  if (const SeenOutcome* newest = newest_of(lines, plan)) {
    return "the newest run by the policy in force is " + described(*newest) + ": " + cited(*newest);
  }
  const std::string none = "no run by the policy in force decided anything";
  const SeenOutcome* older = newest_by_another_policy(lines, plan);
  return older == nullptr
             ? none
             : none + "; by an earlier policy: " + described(*older) + ", " + cited(*older);
}

class Join {
 public:
  Join(const ProbePlan& plan,
       std::span<const std::shared_ptr<const ProbePlan>> configured,
       const SeenLines& lines,
       const std::string& config_file)
      : plan_(plan), configured_(configured), lines_(lines), config_file_(config_file) {}

  void happy_path() {
    constexpr auto topic = EvidenceTopic::happy_path;
    if (is_error_path(plan_)) {
      return missing(topic,
                     plan_.name,
                     "this probe expects " + std::string(word(plan_.expect)) +
                         ": ask for the evidence of one that expects a usable response",
                     "smokeledger evidence" + config() + " PROBE");
    }
    const SeenOutcome* newest = newest_of(lines_, plan_);
    if (newest != nullptr && newest->decision == Decision::keep_primary &&
        newest->check_result == CheckResult::pass) {
      return found(topic, plan_, *newest);
    }
    missing(topic, plan_.name, why_not(lines_, plan_), run_now(plan_));
  }

  void error_path() {
    constexpr auto topic = EvidenceTopic::error_path;
    const ProbePlan* drill = nullptr;
    const SeenOutcome* newest = nullptr;
    for (const auto& candidate : configured_) {
      if (!is_error_path(*candidate) || !same_routes(*candidate, plan_)) continue;
      const SeenOutcome* outcome = newest_of(lines_, *candidate);
      const bool newer =
          outcome != nullptr && (newest == nullptr || newest->recorded_at < outcome->recorded_at);
      if (drill != nullptr && !newer) continue;
      drill = candidate.get();
      newest = outcome;
    }
    if (drill == nullptr) {
      return missing(topic,
                     plan_.name,
                     "no configured probe of the same routes is there to fail or to fall back: add "
                     "one with mode = \"drill\" and expect = \"use_fallback\", "
                     "\"controlled_failure\" or \"escalate\"",
                     "smokeledger drill" + config() + " PROBE");
    }
    if (newest != nullptr && newest->check_result == CheckResult::pass) {
      return found(topic, *drill, *newest);
    }
    missing(topic, drill->name, why_not(lines_, *drill), run_now(*drill));
  }

  void contract_reviews(WallTime now) {
    ContractReviews reviews;
    for (const auto& [family, seen] : lines_.reviews) reviews.emplace(family, seen.review);
    std::set<EndpointFamily> done;
    for (const auto& route : plan_.routes) {
      if (done.insert(route->contract->family).second) {
        contract_review(*route->contract, reviews, now);
      }
    }
  }

  void operator_reviews() {
    if (cited_.empty()) {
      missing(EvidenceTopic::operator_review, plan_.name, "no run to review yet", run_now(plan_));
    }
    for (const auto& [probe, outcome] : cited_) operator_review(probe, *outcome);
  }

  EvidenceReport take() { return std::move(evidence_); }

 private:
  std::string config() const { return " --config.file " + config_file_; }
  std::string run_now(const ProbePlan& plan) const {
    return (plan.drill ? "smokeledger drill" : "smokeledger once") + config() + " " + plan.name;
  }
  void found(EvidenceTopic topic, const ProbePlan& plan, const SeenOutcome& outcome) {
    evidence_.found.push_back(
        {topic, plan.name, outcome.ledger_id, outcome.recorded_at, described(outcome)});
    cited_.emplace_back(plan.name, &outcome);
  }
  void missing(EvidenceTopic topic, std::string about, std::string what, std::string command) {
    evidence_.gaps.push_back({topic, std::move(about), std::move(what), std::move(command)});
  }

  void operator_review(const std::string& probe, const SeenOutcome& outcome) {
    constexpr auto topic = EvidenceTopic::operator_review;
    const JoinedReview* const judged = lines_.judged.of(outcome.seq);
    const std::string by = judged == nullptr ? "nobody" : judged->review.initials;
    if (judged != nullptr && judged->review.decision == CheckResult::pass) {
      evidence_.found.push_back({topic,
                                 probe,
                                 id_of(*judged, outcome.ledger_id),
                                 judged->recorded_at,
                                 "pass by " + by + ", of " + outcome.ledger_id});
      return;
    }
    missing(topic,
            probe,
            by + " reviewed " + cited(outcome) +
                (judged == nullptr ? "" : " as " + std::string(word(judged->review.decision))),
            "smokeledger review " + outcome.ledger_id +
                " --decision pass --initials AB --owner TEAM" + config());
  }

  void contract_review(const Contract& contract, const ContractReviews& reviews, WallTime now) {
    constexpr auto topic = EvidenceTopic::contract_review;
    const std::string family(word(contract.family));
    const WallTime opened = review_date(contract, reviews);
    const std::string age = std::to_string(review_age_days(opened, now)) + " days ago";
    if (is_overdue(opened, now, plan_.contract_review.max_age)) {
      return missing(topic,
                     family,
                     "its documentation was last opened " + age + ", more than the " +
                         format_duration(plan_.contract_review.max_age) + " allowed",
                     "smokeledger contract reviewed " + family + " --initials AB" + config());
    }
    const auto line = lines_.reviews.find(contract.family);
    const bool by_line = line != lines_.reviews.end() && line->second.review.reviewed_at == opened;
    evidence_.found.push_back({topic,
                               family,
                               by_line ? line->second.ledger_id : std::string{},
                               opened,
                               by_line ? "reviewed by " + line->second.review.initials
                                       : "accessed, says contract " + contract.version});
  }

  const ProbePlan& plan_;
  std::span<const std::shared_ptr<const ProbePlan>> configured_;
  const SeenLines& lines_;
  const std::string& config_file_;
  EvidenceReport evidence_;
  std::vector<std::pair<std::string, const SeenOutcome*>> cited_;  // by probe
};

void see_review(SeenLines& lines, std::string_view ledger_id, const ContractReview& review) {
  const auto known = lines.reviews.find(review.family);
  // Segments repeat it: the first line is the one that recorded it.
  if (known != lines.reviews.end() && known->second.review.reviewed_at >= review.reviewed_at) {
    return;
  }
  lines.reviews[review.family] = {std::string(ledger_id), review};
}

}  // namespace

void see(SeenLines& lines,
         std::string_view ledger_id,
         std::uint64_t seq,
         WallTime recorded_at,
         const Line& line) {
  if (const auto* judged = std::get_if<ReviewLine>(&line)) {
    return lines.judged.add({judged->review, seq, recorded_at});
  }
  if (const auto* reviewed = std::get_if<ContractReviewLine>(&line)) {
    return see_review(lines, ledger_id, reviewed->review);
  }
  const auto* outcome_line = std::get_if<OutcomeLine>(&line);
  if (outcome_line == nullptr || outcome_line->outcome.decision == Decision::paused) return;
  const Outcome& outcome = outcome_line->outcome;
  lines.outcomes[{outcome.probe, outcome.policy_sha256}] = {
      std::string(ledger_id), seq, recorded_at, outcome.decision, outcome.check_result};
}

EvidenceReport evidence(const ProbePlan& plan,
                        std::span<const std::shared_ptr<const ProbePlan>> configured,
                        const SeenLines& lines,
                        const std::string& config_file,
                        WallTime now) {
  Join join(plan, configured, lines, config_file);
  join.happy_path();
  join.error_path();
  join.contract_reviews(now);
  join.operator_reviews();
  return join.take();
}

}  // namespace smokeledger::probes::core
