// Checkpoints that left the host, held against the ledger: was it cut, or rewritten?
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "exporters/ledger/error.h"
#include "exporters/ledger/frame.h"
#include "exporters/ledger/note_key.h"
#include "exporters/ledger/record.h"

namespace smokeledger::exporters::ledger {

struct Anchor {
  std::uint64_t length = 0;     // lines covered
  Hash head{};                  // of the last of them; what is not known of it is 0
  std::size_t head_digits = 0;  // hexadecimal digits that are known: 64, or 26 of the gauges' two
  std::string ledger{};         // its name
  std::string source{};  // the file, and in it the time: `anchors.json, 2026-11-21T12:00:00Z`
};

// A checkpoint's note in a file. `keys`: one of them must have signed it; none: not asked. Error
// `unusable`: not a file, not a checkpoint, or not signed so.
Result<Anchor> read_note_anchor(const std::filesystem::path&, std::span<const VerifierKey> keys);

// The samples of the three gauges in a file with Prometheus' answer to a query or query_range of
// them; each length and head once, from its first sample on. Error `unusable`: not such an answer,
// or no sample of all three at one time in it.
// https://prometheus.io/docs/prometheus/latest/querying/api/
Result<std::vector<Anchor>> read_prometheus_anchors(const std::filesystem::path&);

enum class AnchorState {
  matches,
  fork,           // the ledger has another line there: it was rewritten
  behind,         // the ledger ends before it: it was cut
  not_checkable,  // the lines there were deleted by retention, or stand in or behind damage
  other_ledger,   // it speaks of another ledger
};

struct CheckedAnchor {
  Anchor anchor;
  AnchorState state = AnchorState::not_checkable;
};

struct AnchorReport {
  std::vector<CheckedAnchor> anchors;  // by length
  std::uint64_t anchored = 0;          // lines up to this one, exclusive, are as they were

  std::size_t count(AnchorState) const;
};

class AnchorCheck {
 public:
  explicit AnchorCheck(std::vector<Anchor>);

  // Whether some anchor is of just so many lines. Any thread.
  bool wants(std::uint64_t length) const;
  // The hash of the last of so many lines, for each length that is wanted and there, in order.
  void see(std::uint64_t length, const Hash& head);
  // After the last one. `ledger`: its name, empty when not even its first line could be read;
  // `damaged`: more lines stand behind, and nobody checked them.
  AnchorReport report(const std::string& ledger, bool damaged) &&;

 private:
  std::vector<CheckedAnchor> anchors_;  // by length
  std::size_t next_ = 0;
};

}  // namespace smokeledger::exporters::ledger
