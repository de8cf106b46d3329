// A service house whose ledger can be replayed: its plans carry the hash of their own policy, and
// their policy lines are written.
#pragma once

#include <string>
#include <vector>

#include "daemon/config/digest.h"
#include "exporters/ledger/replay.h"
#include "probes/core/policy.h"
#include "tests/daemon/service_house.h"

namespace smokeledger::tests {

inline core::ProbePlan with_own_policy(core::ProbePlan plan) {
  plan.policy_sha256 = daemon::config::sha256_hex(core::policy_text(plan));
  return plan;
}

inline core::PolicyLine policy_line_of(const core::ProbePlan& plan) {
  return {plan.name, plan.policy_sha256, core::policy_text(plan)};
}

// As the application does it, before these plans are used.
inline void write_policies(ServiceHouse& house) {
  std::vector<core::PolicyLine> lines;
  for (const auto& plan : house.plans) lines.push_back(policy_line_of(*plan));
  house.journal().use_policies(std::move(lines), [](bool ok) { EXPECT_TRUE(ok); });
  house.settle();
}

// What replay finds, a line each, then its sentence.
inline std::vector<std::string> replayed(const ServiceHouse& house) {
  std::vector<std::string> text;
  const auto result = exporters::ledger::replay(house.dir.path(), [&](const auto& finding) {
    const auto& [field, recorded, recomputed] = finding.difference;
    text.push_back(finding.ledger_id + " " + field + ": " + recorded + " / " + recomputed);
  });
  text.push_back(result ? exporters::ledger::sentence(*result) : result.error().message);
  return text;
}

}  // namespace smokeledger::tests
