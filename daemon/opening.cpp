#include "daemon/opening.h"

#include <utility>

#include "daemon/application.h"
#include "daemon/build_info.h"
#include "daemon/checkpoints.h"
#include "daemon/system_clock.h"
#include "probes/core/policy.h"

namespace smokeledger::daemon {
namespace {

using exporters::ledger::Ledger;
using exporters::ledger::LedgerErrorKind;

int exit_code_of(LedgerErrorKind kind) {
  switch (kind) {
    case LedgerErrorKind::locked:
      return exit_ledger_locked;
    case LedgerErrorKind::unusable:
      return exit_ledger_unusable;
    case LedgerErrorKind::corrupt:
      return exit_ledger_corrupt;
    case LedgerErrorKind::io:
    case LedgerErrorKind::no_space:
      break;
  }
  return exit_ledger_io;
}

}  // namespace

std::string build_name() {
  return "smokeledger " + std::string(version);
}

std::string tag_of(const std::string& ledger_name) {
  return ledger_name.substr(ledger_name.find_last_of('-') + 1);
}

boost::system::result<std::unique_ptr<Ledger>, StartError> open_ledger(
    const config::Config& config, const std::string& credentials_directory) {
  auto ledger =
      Ledger::open({.dir = config.ledger.dir,
                    .name = config.ledger.name,
                    .segment_bytes = config.ledger.segment_bytes,
                    .segment_age = config.ledger.segment_age,
                    .retention = config.ledger.retention,
                    .build = build_name(),
                    .now = system_stamp().wall,
                    .open_key = checkpoint_key_opener(config.ledger, credentials_directory)});
  if (!ledger) return StartError{exit_code_of(ledger.error().kind), ledger.error().message};
  return std::move(*ledger);
}

std::vector<core::PolicyLine> policies_of(
    const std::vector<std::shared_ptr<const core::ProbePlan>>& plans) {
  std::vector<core::PolicyLine> lines;
  lines.reserve(plans.size());
  for (const auto& plan : plans) {
    lines.push_back({plan->name, plan->policy_sha256, core::policy_text(*plan)});
  }
  return lines;
}

}  // namespace smokeledger::daemon
