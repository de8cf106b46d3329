// The one writer of a ledger directory: recover, append, sync, rotate.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exporters/ledger/append_file.h"
#include "exporters/ledger/error.h"
#include "exporters/ledger/note_key.h"
#include "exporters/ledger/record.h"
#include "probes/core/packet_lines.h"
#include "probes/core/review.h"
#include "probes/core/state.h"

namespace smokeledger::exporters::ledger {

struct OpenOptions {
  std::filesystem::path dir;  // created (0750) when missing; its parent must exist
  std::string name;           // configured name; 8 hex digits are added at creation
  std::uint64_t segment_bytes = 64ULL << 20;
  core::Milliseconds segment_age{0};  // a segment this old is sealed at the next line; 0: never
  core::Milliseconds retention{
      0};  // sealed segments are deleted when all in them is older; 0: never
  std::string build;
  core::WallTime now{};
  OpenAppendFile open_file = open_posix_file;  // the disk; another one in tests
  // The key that signs checkpoints, asked for under the writer's lock; none: no checkpoints.
  std::function<Result<SignerKey>()> open_key{};
};

// With a key, a checkpoint follows by itself when so many lines were appended since the last one,
// and one stands directly before each seal.
inline constexpr std::uint64_t lines_per_checkpoint = 256;

// Lines that were recorded at one moment.
struct LineGroup {
  std::span<const core::Line> lines;
  core::WallTime now{};
};

// Not thread-safe: used on the ledger thread, or by a single-threaded command.
class Ledger {
 public:
  // Takes the lock, reads and verifies the last segment, repairs a torn tail (with a `recovered`
  // line), folds the state, retires what is too old. Creates the first segment in an empty
  // directory.
  static Result<std::unique_ptr<Ledger>> open(const OpenOptions&);
  ~Ledger();

  // What open() refused as corrupt, a person may want to leave behind: begins a segment behind the
  // last one that states the damage and carries on with what can still be read. Error `unusable`:
  // nothing is damaged, or what is damaged is not in the last segment. `name` and `segment_bytes`
  // are not asked for.
  static Result<core::Break> leave_damage_behind(const OpenOptions&);

  const std::string& name() const;  // <configured name>-<8 hex>
  std::uint64_t next_seq() const;
  const Hash& head() const;                                     // hash of the last durable line
  const core::State& state() const;                             // fold of every durable line
  const core::ReviewQueue& reviews() const;                     // what waits for a person
  const core::PacketBook& packets() const;                      // what is escalated
  const std::optional<core::RecoveredLine>& recovered() const;  // what open() repaired
  bool signs() const;                                           // it was opened with a key

  // Writes the policies that this segment does not hold yet and repeats all in later segments.
  Result<void> use_policies(std::vector<core::PolicyLine>, core::WallTime now);

  // Appends the lines as one group: one write and one fdatasync (of each MiB). On return they are
  // durable. Rotates first when the segment is full or old. Before anything but lines of runs under
  // way, space is set aside for what those may still write: error `no_space`, and nothing was
  // written. After any other error every later append fails, and nothing more is written or synced:
  // what cannot be recorded must not be acted on.
  Result<std::vector<LedgerRecord>> append(std::span<const core::Line>, core::WallTime now);

  // One checkpoint line, of all lines so far: its record, durable. Without a key nothing. As append
  // in everything else.
  Result<std::vector<LedgerRecord>> checkpoint(core::WallTime now);

  // The checkpoints that append and use_policies have written on their own since the last call.
  std::vector<LedgerRecord> take_checkpoints();

  // Several groups as one: one write, one fdatasync. The records of all, in order.
  Result<std::vector<LedgerRecord>> append_groups(std::span<const LineGroup>);

 private:
  struct Impl;
  explicit Ledger(std::unique_ptr<Impl>);
  std::unique_ptr<Impl> impl_;
};

}  // namespace smokeledger::exporters::ledger
