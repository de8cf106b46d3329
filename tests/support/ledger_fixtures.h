// Ledger lines, directories and disks for tests.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/ledger/append_file.h"
#include "exporters/ledger/ledger.h"
#include "probes/core/line.h"

namespace smokeledger::tests {

namespace core = probes::core;
namespace ledger = exporters::ledger;

// A directory of its own that is removed when it goes.
class ScratchDir {
 public:
  ScratchDir();
  ~ScratchDir();
  ScratchDir(const ScratchDir&) = delete;
  ScratchDir& operator=(const ScratchDir&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string read_bytes(const std::filesystem::path&);
void write_bytes(const std::filesystem::path&, std::string_view);
std::vector<std::string> split_lines(std::string_view);
std::vector<std::filesystem::path> segment_files(const std::filesystem::path& dir);

core::WallTime at(std::string_view utc);
inline constexpr std::string_view noon = "2026-11-21T12:00:00Z";

// Every member set to something other than its default.
core::Attempt sample_attempt();
core::AttemptLine sample_attempt_line();
core::Outcome sample_outcome();
core::ProbeState sample_state();
core::PolicyLine sample_policy();
core::ContractReview sample_review();
core::Review sample_judgement();
core::HumanDecision sample_decision();
core::ReceivedAlert sample_alert();
core::PacketLine sample_packet();
core::LivePacket sample_live_packet();
std::string sample_note();  // of a checkpoint; nobody signed it

// One of each kind with every member set, then again with every optional value absent.
std::vector<core::Line> every_kind();

// An attempt line and the outcome it leads to: run `number` of `probe`.
core::AttemptLine attempt_of(const std::string& probe, std::uint32_t number);
core::Outcome outcome_of(const std::string& probe, std::uint32_t number);
std::vector<core::Line> run_of(const std::string& probe, std::uint32_t number);

ledger::OpenOptions options_in(const std::filesystem::path& dir);

// Of a fixed key, whose name is that of every ledger of these tests.
ledger::SignerKey sample_key(unsigned char seed = 7);
ledger::OpenOptions signing_options_in(const std::filesystem::path& dir);

// The fold of all lines but the carried ones, from the first to the last: what the state of a
// ledger that never rotated would be.
core::State plain_fold(const std::filesystem::path& dir);

// A file in memory: what was appended, and how much of it a power cut would leave.
class MemoryFile final : public ledger::AppendFile {
 public:
  ledger::Result<void> reserve(std::uint64_t) override { return {}; }
  ledger::Result<void> append(std::string_view bytes) override;
  ledger::Result<void> sync() override;

  const std::string& bytes() const { return bytes_; }
  std::string_view durable() const { return std::string_view(bytes_).substr(0, synced_); }

 private:
  std::string bytes_;
  std::size_t synced_ = 0;
};

// What happens on a disk shared by all files that were opened on it.
struct DiskPlan {
  // The call (append or sync, counted from 1 over all files) that fails; 0: none.
  std::uint64_t failing_call = 0;
  // A failing append still writes this many bytes; a failing sync keeps what was appended, as the
  // page cache does.
  std::size_t torn_bytes = 0;
  // Space can be set aside up to this size of a file; appending itself never meets the end.
  std::uint64_t room = std::numeric_limits<std::uint64_t>::max();
};

// Wraps the real disk: counts, fails where told, and remembers what was synced.
class FaultyDisk {
 public:
  explicit FaultyDisk(DiskPlan plan) : plan_(plan) {}

  void set_room(std::uint64_t bytes) { plan_.room = bytes; }

  ledger::OpenAppendFile opener();
  std::uint64_t calls() const { return calls_; }
  std::uint64_t syncs() const { return syncs_; }
  // Calls on a file after one of its calls had failed: must stay 0.
  std::uint64_t calls_after_failure() const { return calls_after_failure_; }
  // Cuts every file to what was synced: what a power cut may leave. Renamed files are found by
  // their new name in `dir`.
  void cut_power(const std::filesystem::path& dir) const;

 private:
  friend class FaultyFile;

  DiskPlan plan_;
  std::uint64_t calls_ = 0;
  std::uint64_t syncs_ = 0;
  std::uint64_t calls_after_failure_ = 0;
  std::map<std::string, std::uint64_t> synced_bytes_;  // by file name without `.unfinished`
};

}  // namespace smokeledger::tests
