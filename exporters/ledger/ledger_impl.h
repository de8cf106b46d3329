// The inside of Ledger, shared by ledger.cpp (append), rotation.cpp and ledger_open.cpp (create,
// recover).
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "exporters/ledger/codec.h"
#include "exporters/ledger/ledger.h"
#include "exporters/ledger/reader.h"
#include "exporters/ledger/record_factory.h"
#include "exporters/ledger/segments.h"
#include "probes/core/packet_lines.h"
#include "probes/core/review_lines.h"

namespace smokeledger::exporters::ledger {

// The end of a chain: what the next line continues from.
struct ChainEnd {
  std::uint64_t next_seq = 0;
  Hash head{};
};

// Lines with their bytes, hashes and numbers, not yet written.
struct Pending {
  std::string bytes;
  std::vector<RecordFactory::Parts> lines;
};

// Whether a checkpoint follows the lines that are appended.
enum class Closing { by_count, with_checkpoint };

// A segment that is complete on the disk and does not have its name yet.
struct Prepared {
  std::string segment;
  std::filesystem::path unfinished;
  Pending header;
};

struct Ledger::Impl {
  explicit Impl(OpenOptions chosen) : options(std::move(chosen)) {}

  Result<void> open();
  Result<std::vector<LedgerRecord>> append_groups(std::span<const LineGroup>,
                                                  Closing = Closing::by_count);

  // ledger_break.cpp
  Result<core::Break> leave_damage_behind();
  Result<void> salvage(const Segment&, std::uint64_t from_seq);

  // ledger_open.cpp
  Result<void> create_first();
  Result<void> read_back();
  Result<std::set<std::string>> read_lines(Reader&);  // names of the tails that were told
  Result<void> repair(const Reader&, const std::set<std::string>& told);

  // ledger.cpp
  Result<std::vector<LedgerRecord>> try_append(std::span<const LineGroup>, Closing);
  Result<void> encode_line(Pending&,
                           const ChainEnd& from,
                           const core::Line&,
                           core::WallTime now,
                           std::uint64_t header_lines = 1);
  Result<void> encode_checkpoint(Pending&, core::WallTime now);
  Result<Pending> encode_closed(std::span<const LineGroup>, Closing);
  Result<Pending> encode_groups(const ChainEnd&,
                                std::span<const LineGroup>,
                                std::uint64_t header_lines = 1);
  Result<Pending> encode_one(core::Line, core::WallTime now);
  Result<void> write(AppendFile&, const std::string& bytes);
  std::vector<LedgerRecord> commit(Pending);
  void note(const core::Line&, std::uint64_t seq, core::WallTime recorded_at);
  Result<void> append_one(core::Line, core::WallTime now);
  bool is_under_way(const std::string& probe, const std::string& check_id) const;
  bool continues_runs_only(std::span<const LineGroup>) const;
  bool tells_of_refused(std::span<const LineGroup>) const;
  Result<void> reserve(std::span<const LineGroup>, std::size_t bytes, Closing);

  // rotation.cpp
  Result<void> start_segment(core::WallTime now);
  Result<void> rotate(core::WallTime now);
  Result<Prepared> prepare_segment(const ChainEnd&, core::WallTime now);
  Result<void> adopt(Prepared);
  bool must_rotate(std::size_t bytes, core::WallTime now);

  // retirement.cpp
  Result<void> retire(core::WallTime now);

  OpenOptions options;
  File lock;
  std::string name;
  std::string nonce;
  Hasher hasher;
  ChainEnd end;
  core::State state;
  core::ReviewQueue reviews;
  core::PacketBook packets;
  std::vector<core::PolicyLine> policies;              // repeated in each segment
  std::set<std::pair<std::string, std::string>> held;  // (probe, hash) this segment has
  std::string segment;                                 // file name
  std::optional<core::Break> behind_break;             // for the next open line
  std::uint64_t size = 0;                              // of the segment, in bytes
  std::uint64_t header_size = 0;                       // of the lines it was created with
  core::WallTime segment_began{};
  std::uint64_t reviews_held = 0;           // it holds so many review lines
  std::optional<core::TimeRange> recorded;  // when its lines were
  bool begun = false;                       // it holds more than its header
  std::unique_ptr<AppendFile> file;
  std::optional<core::RecoveredLine> recovered;
  std::optional<SignerKey> key;
  std::uint64_t since_checkpoint = 0;     // lines behind the last one
  std::vector<LedgerRecord> checkpoints;  // not yet taken
  std::optional<LedgerError> refused;     // for want of space, at any time
  std::optional<LedgerError> failed;
};

}  // namespace smokeledger::exporters::ledger
