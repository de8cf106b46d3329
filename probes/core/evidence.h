// What the runbooks ask for before fallback traffic is promoted, joined from ledger lines: which
// lines show it, and what is missing. It says nothing of what nobody checked. Pure.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "probes/core/line.h"
#include "probes/core/plan.h"
#include "probes/core/review.h"

namespace smokeledger::probes::core {

// happy_path: a run that kept the primary. error_path: a run that was there to fail, and did as it
// should. contract_review: somebody opened the documentation. operator_review: of those runs.
enum class EvidenceTopic { happy_path, error_path, contract_review, operator_review };
template <>
struct Words<EvidenceTopic> {
  static constexpr std::array<std::string_view, 4> list{
      "happy_path", "error_path", "contract_review", "operator_review"};
};

// A run that decided something: paused ones say nothing of a route.
struct SeenOutcome {
  std::string ledger_id;
  std::uint64_t seq = 0;
  WallTime recorded_at{};
  Decision decision{};
  CheckResult check_result{};
};

struct SeenReview {
  std::string ledger_id;  // of the line that recorded it first
  ContractReview review;
};

// What a pass over a ledger keeps.
struct SeenLines {
  // The newest of each probe and policy.
  std::map<std::pair<std::string, std::string>, SeenOutcome> outcomes;
  std::map<EndpointFamily, SeenReview> reviews;
  JoinedReviews judged;
};
void see(
    SeenLines&, std::string_view ledger_id, std::uint64_t seq, WallTime recorded_at, const Line&);

struct EvidenceItem {
  EvidenceTopic topic{};
  std::string about;      // a probe or a family
  std::string ledger_id;  // empty: no line shows it, a contract does
  WallTime at{};
  std::string what;
};

struct EvidenceGap {
  EvidenceTopic topic{};
  std::string about;
  std::string what;
  std::string command;  // that would close it
};

struct EvidenceReport {
  std::vector<EvidenceItem> found;
  std::vector<EvidenceGap> gaps;

  bool complete() const { return gaps.empty(); }
};

// For this probe, by the policies in force. An error path counts of any configured probe with the
// same routes, a drill or not, that is there to fail or to fall back. In both paths the newest run
// counts, not an older and better one. `config_file` stands in the commands.
EvidenceReport evidence(const ProbePlan&,
                        std::span<const std::shared_ptr<const ProbePlan>> configured,
                        const SeenLines&,
                        const std::string& config_file,
                        WallTime now);

}  // namespace smokeledger::probes::core
