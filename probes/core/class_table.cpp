#include "probes/core/class_table.h"

namespace smokeledger::probes::core {
namespace {

using enum AfterFailure;

// Transient failures are retried with backoff; what lasts is not, after
// https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/retry-backoff.html
// After a 2xx status line nothing is: the completion was paid for and its failure is the finding.
// A refusal that only a person can lift is walked around only where that is declared, a wrong probe
// never, and no fallback is a way around this host's own network.
constexpr std::array<ClassRow, 21> rows{{
    {Reason::none, escalate, false, false},
    {Reason::throttled, retry_then_fall_back, true, true},
    {Reason::overloaded, retry_then_fall_back, true, true},
    {Reason::server_error, retry_then_fall_back, true, true},
    {Reason::timeout, retry_then_fall_back, true, true},
    {Reason::dns, retry_then_fall_back, true, true},
    {Reason::connect, retry_then_fall_back, true, true},
    {Reason::tls, fall_back, false, true},
    {Reason::redirect, fall_back, false, true},
    {Reason::auth, escalate, false, true},
    {Reason::account_state, escalate, false, true},
    {Reason::bad_request, escalate, false, true},
    {Reason::probe_defect, escalate, false, false},
    {Reason::in_stream_error, fall_back, false, true},
    {Reason::truncated, fall_back, false, true},
    {Reason::shape_rejected, fall_back, false, true},
    {Reason::too_large, fall_back, false, true},
    {Reason::protocol, fall_back, false, true},
    {Reason::local_network, retry, true, false},
    {Reason::aborted, escalate, false, false},
    {Reason::unknown_crash, escalate, false, false},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (static_cast<std::size_t>(rows[i].reason) != i) return false;
  }
  return rows.size() == every<Reason>().size();
}
static_assert(in_order(), "one row per Reason, in the enumeration's order");

constexpr bool allows(const ClassRow& row, AfterFailure action) {
  return (!retries(action) || row.may_retry) && (!falls_back(action) || row.may_fall_back);
}

constexpr bool defaults_are_allowed() {
  for (const ClassRow& row : rows) {
    if (!allows(row, row.by_default)) return false;
  }
  return true;
}
static_assert(defaults_are_allowed());

}  // namespace

std::span<const ClassRow> class_rows() {
  return rows;
}

bool may_choose(Reason reason, AfterFailure action) {
  return allows(rows[static_cast<std::size_t>(reason)], action);
}

ClassTable documented_classes() {
  ClassTable table{};
  for (std::size_t i = 0; i < rows.size(); ++i) table[i] = rows[i].by_default;
  return table;
}

}  // namespace smokeledger::probes::core
