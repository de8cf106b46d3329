#include "tests/support/ledger_fixtures.h"

#include <stdlib.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "exporters/ledger/reader.h"

namespace smokeledger::tests {
namespace {

using ledger::LedgerError;
using ledger::LedgerErrorKind;

constexpr std::string_view unfinished = ".unfinished";

std::string settled_name(const std::filesystem::path& path) {
  std::string name = path.filename().string();
  if (name.ends_with(unfinished)) name.resize(name.size() - unfinished.size());
  return name;
}

}  // namespace

ScratchDir::ScratchDir() {
  // In memory where that is possible: these tests sync thousands of times, and none of them can
  // tell a disk that keeps what was synced from one that does not.
  for (const char* parent : {"/dev/shm", "/tmp"}) {
    std::string pattern = std::string(parent) + "/smokeledger-XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) continue;
    path_ = pattern;
    return;
  }
  throw std::runtime_error("no directory for tests");
}

ScratchDir::~ScratchDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_bytes(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto newline = text.find('\n');
    lines.emplace_back(text.substr(0, newline));
    text.remove_prefix(newline == std::string_view::npos ? text.size() : newline + 1);
  }
  return lines;
}

std::vector<std::filesystem::path> segment_files(const std::filesystem::path& dir) {
  std::vector<std::filesystem::path> paths;
  for (const auto& segment : ledger::list_segments(dir).value()) paths.push_back(segment.path);
  return paths;
}

core::WallTime at(std::string_view utc) {
  return core::parse_utc(utc).value();
}

core::AttemptLine attempt_of(const std::string& probe, std::uint32_t number) {
  core::AttemptLine line = sample_attempt_line();
  line.probe = probe;
  line.check_id = probe + "-20261121-" + std::to_string(number);
  line.number = 1;
  line.previous.reset();
  return line;
}

core::Outcome outcome_of(const std::string& probe, std::uint32_t number) {
  core::Outcome outcome = sample_outcome();
  outcome.probe = probe;
  outcome.check_id = probe + "-20261121-" + std::to_string(number);
  return outcome;
}

std::vector<core::Line> run_of(const std::string& probe, std::uint32_t number) {
  return {attempt_of(probe, number), core::OutcomeLine{outcome_of(probe, number)}};
}

ledger::OpenOptions options_in(const std::filesystem::path& dir) {
  ledger::OpenOptions options;
  options.dir = dir;
  options.name = "staging";
  options.build = "smokeledger 0.1.0";
  options.now = at(noon);
  return options;
}

ledger::SignerKey sample_key(unsigned char seed) {
  ledger::KeyBytes bytes{};
  bytes.fill(seed);
  return ledger::SignerKey::from_seed("staging", bytes);
}

ledger::OpenOptions signing_options_in(const std::filesystem::path& dir) {
  ledger::OpenOptions options = options_in(dir);
  options.open_key = [] { return ledger::Result<ledger::SignerKey>(sample_key()); };
  return options;
}

core::State plain_fold(const std::filesystem::path& dir) {
  core::State state;
  auto reader = ledger::Reader::open(dir).value();
  while (auto item = reader.next().value()) {
    if (item->frame.kind == "carry") continue;
    core::fold(state, reader.decode(*item).value(), item->frame.recorded_at);
  }
  return state;
}

ledger::Result<void> MemoryFile::append(std::string_view bytes) {
  bytes_ += bytes;
  return {};
}

ledger::Result<void> MemoryFile::sync() {
  synced_ = bytes_.size();
  return {};
}

class FaultyFile final : public ledger::AppendFile {
 public:
  FaultyFile(FaultyDisk& disk, std::unique_ptr<AppendFile> real, std::filesystem::path path)
      : disk_(disk), real_(std::move(real)), path_(std::move(path)) {}

  ledger::Result<void> reserve(std::uint64_t bytes) override {
    if (std::filesystem::file_size(path_) + bytes > disk_.plan_.room) {
      return LedgerError{LedgerErrorKind::no_space, "the disk of this test is full"};
    }
    return real_->reserve(bytes);
  }

  ledger::Result<void> append(std::string_view bytes) override {
    if (fails()) {
      (void)real_->append(bytes.substr(0, disk_.plan_.torn_bytes));
      return refusal("write");
    }
    return real_->append(bytes);
  }

  ledger::Result<void> sync() override {
    if (fails()) return refusal("sync");
    ++disk_.syncs_;
    auto synced = real_->sync();
    disk_.synced_bytes_[settled_name(path_)] = std::filesystem::file_size(path_);
    return synced;
  }

 private:
  bool fails() {
    if (failed_) ++disk_.calls_after_failure_;
    failed_ = failed_ || ++disk_.calls_ == disk_.plan_.failing_call;
    return failed_;
  }
  static LedgerError refusal(const char* what) {
    return {LedgerErrorKind::io, std::string("cannot ") + what + ": Input/output error"};
  }

  FaultyDisk& disk_;
  std::unique_ptr<AppendFile> real_;
  std::filesystem::path path_;
  bool failed_ = false;
};

ledger::OpenAppendFile FaultyDisk::opener() {
  return [this](const std::filesystem::path& path)
             -> ledger::Result<std::unique_ptr<ledger::AppendFile>> {
    auto real = ledger::open_posix_file(path);
    if (!real) return real.error();
    return std::unique_ptr<ledger::AppendFile>(
        std::make_unique<FaultyFile>(*this, std::move(*real), path));
  };
}

void FaultyDisk::cut_power(const std::filesystem::path& dir) const {
  for (const auto& entry : std::filesystem::directory_iterator(dir)) {
    const auto known = synced_bytes_.find(settled_name(entry.path()));
    if (known != synced_bytes_.end()) {
      std::filesystem::resize_file(entry.path(), known->second);
    }
  }
}

}  // namespace smokeledger::tests
