// Torn tails: set aside, cut off, and told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "exporters/ledger/error.h"
#include "exporters/ledger/segments.h"
#include "probes/core/line.h"

namespace smokeledger::exporters::ledger {

// Copies what stands from `offset` to quarantine/<segment>.<offset>.<first 8 hex of its SHA-256>
// beside the segments, makes the copy durable, cuts the segment there and makes that durable. May
// be killed at any point and done again. REQUIRES: the writer's lock.
Result<core::RecoveredLine> set_tail_aside(const Segment&, std::uint64_t offset);

// Tails of this segment that were set aside by a process that ended before it told so: those whose
// file names are not in `told`. Copies that were never completed are passed over.
Result<std::vector<core::RecoveredLine>> untold_tails(const Segment&,
                                                      const std::set<std::string>& told);

// What one append leaves unsynced at most: a longer one is synced in parts.
inline constexpr std::size_t unsynced_bytes_at_most = 1UL << 20U;

// After a sync that failed, the page cache may show bytes that are not on the disk, and a later
// sync succeeds without writing them (https://wiki.postgresql.org/wiki/Fsync_Errors). Syncs the
// segment, and lets the page cache forget as much of its end as may be so: what is read then is
// what the disk has.
Result<void> forget_unsynced_end(const Segment&);

}  // namespace smokeledger::exporters::ledger
