// The inside of Ledger, shared by ledger.cpp (append, rotate) and ledger_open.cpp (create,
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

namespace smokeledger::exporters::ledger {

// Lines with their bytes, hashes and numbers, not yet written.
struct Pending {
  std::string bytes;
  std::vector<RecordFactory::Parts> lines;
};

struct Ledger::Impl {
  explicit Impl(OpenOptions chosen) : options(std::move(chosen)) {}

  Result<void> open();
  Result<std::vector<LedgerRecord>> append_groups(std::span<const LineGroup>);

  // ledger_open.cpp
  Result<void> create_first();
  Result<void> read_back();
  Result<std::set<std::string>> read_lines(Reader&);  // names of the tails that were told
  Result<void> repair(const Reader&, const std::set<std::string>& told);

  // ledger.cpp
  Result<std::vector<LedgerRecord>> try_append(std::span<const LineGroup>);
  Result<Pending> encode_groups(std::span<const LineGroup>, std::uint64_t header_lines);
  Result<void> write(AppendFile&, const std::string& bytes);
  std::vector<LedgerRecord> commit(Pending);
  void note(const core::Line&, core::WallTime recorded_at);
  Result<void> seal(core::WallTime now);
  Result<void> start_segment(core::WallTime now);
  bool must_rotate(std::size_t bytes);

  OpenOptions options;
  File lock;
  std::string name;
  std::string nonce;
  Hasher hasher;
  std::uint64_t next_seq = 0;
  Hash head{};
  core::State state;
  std::vector<core::PolicyLine> policies;              // repeated in each segment
  std::set<std::pair<std::string, std::string>> held;  // (probe, hash) this segment has
  std::string segment;                                 // file name
  std::uint64_t size = 0;                              // of the segment, in bytes
  std::uint64_t header_size = 0;                       // of the lines it was created with
  bool begun = false;                                  // it holds more than its header
  std::unique_ptr<AppendFile> file;
  std::optional<core::RecoveredLine> recovered;
  std::optional<LedgerError> failed;
};

}  // namespace smokeledger::exporters::ledger
