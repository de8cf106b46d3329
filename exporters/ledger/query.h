// Questions to a ledger. Read-only, in constant memory; each in one checked pass over all segments
// unless it says otherwise. query() alone lives in outcome_query.cpp: it looks at as little as it
// can.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/ledger/error.h"
#include "exporters/ledger/progress.h"
#include "exporters/ledger/record.h"
#include "probes/core/counters.h"
#include "probes/core/outcome.h"

namespace smokeledger::exporters::ledger {

// Outcomes, or the decisions that people recorded without a probe.
enum class Asked { outcomes, decisions };

// Which lines. What is empty does not filter; a decision has neither probe nor status_class.
struct OutcomeFilter {
  Asked lines = Asked::outcomes;
  std::string probe{};
  std::optional<core::EndpointFamily> family{};
  std::optional<core::Decision> decision{};
  std::optional<core::StatusClass> status_class{};
  std::optional<core::WallTime> from{};       // recorded then or later
  std::optional<core::WallTime> to{};         // recorded before then
  std::optional<std::uint64_t> before_seq{};  // lines before this one
  std::size_t newest = 0;                     // only that many of the newest; 0: all
};

// An outcome line as it stands on the disk, and what it says; a decision line where that was asked
// for.
struct FoundOutcome {
  std::string bytes;  // without the newline
  LedgerRecord record;

  const core::Outcome& outcome() const;  // REQUIRES: it is one
};

// Calls back for each match in the order of the ledger, on the calling thread. With `newest` set it
// reads from the end, and holds that many lines in memory. On all cores. It checks the names, order
// and last lines of the segments, and each line that it gives out by its own hash; whether a line
// is missing or was changed so that it no longer matches is for verify(). Damage that it meets
// (`corrupt`) ends it; what was found before was given out unless `newest` is set.
Result<void> query(const std::filesystem::path& dir,
                   const OutcomeFilter&,
                   const std::function<void(const FoundOutcome&)>&,
                   const Progress& = {});

// The number in a ledger id, `staging-0a1b2c3d-17`; empty: it is none.
std::optional<std::uint64_t> seq_of(std::string_view ledger_id);

// The same lines from the newest to the oldest, a stretch of the ledger at a time, so that whoever
// has other things to do can stop between two. On the calling thread. It checks what query() does;
// `newest` of the filter does not count.
class NewestFirst {
 public:
  static Result<NewestFirst> open(const std::filesystem::path& dir, const OutcomeFilter&);
  ~NewestFirst();
  NewestFirst(NewestFirst&&) noexcept;
  NewestFirst& operator=(NewestFirst&&) noexcept;

  // The matches of the next older stretch, which may be none; nothing: all were looked at.
  Result<std::optional<std::vector<FoundOutcome>>> next();

 private:
  struct Impl;
  explicit NewestFirst(std::unique_ptr<Impl>);
  std::unique_ptr<Impl> impl_;
};

// A line of any kind, as it stands on the disk.
struct FoundLine {
  std::string bytes;    // without the newline
  std::string segment;  // file name
  std::string kind;
  LedgerRecord record;
};
// By its ledger id; empty: there is no such line. Looks into the one segment that may hold it, and
// checks the line by its own hash.
Result<std::optional<FoundLine>> find_line(const std::filesystem::path& dir,
                                           std::string_view ledger_id);

// An outcome, and the policy line that it cites.
struct OutcomeAndPolicy {
  FoundOutcome outcome;
  std::optional<core::PolicyLine> policy;  // empty: there is none before it
};
// By its ledger id; empty: no outcome has this one. Reads the segment that holds it, and the
// earlier ones only where its policy line stands there.
Result<std::optional<OutcomeAndPolicy>> find_outcome(const std::filesystem::path& dir,
                                                     std::string_view ledger_id);

// The sum of core::increments over every line of every segment; of carry lines only those that tell
// what was retired.
Result<core::Tally> count(const std::filesystem::path& dir);

struct Head {
  std::string ledger;
  std::string segment;  // file name
  std::string bytes;    // the last line, without the newline
  std::uint64_t seq = 0;
  Hash hash{};
  core::WallTime recorded_at{};
  bool incomplete_tail = false;
};
// The last line. Checks the last segment whole, of the earlier ones names, order and last lines.
Result<Head> head(const std::filesystem::path& dir);

}  // namespace smokeledger::exporters::ledger
