// Appends runs to a ledger until it is stopped, as fast as the disk lets it:
//
//   ledger_writer FOLDER SEGMENT_BYTES RETENTION_SECONDS RUNS
//
// `seq hash` of each line, as soon as the ledger has acknowledged it. Time goes on by a second a
// line, so that a retention of seconds retires segments. RUNS 0: without end. Exit: 6 when a line
// could not be recorded, 5 when the ledger cannot be opened; why is on stderr.
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "exporters/ledger/checkpoint_key.h"
#include "tests/support/ledger_fixtures.h"

namespace {

using namespace smokeledger::tests;
namespace exporters = smokeledger::exporters;

// One write(2) each: what was acknowledged is told before anything else happens.
void tell(const std::vector<ledger::LedgerRecord>& records) {
  std::string text;
  for (const auto& record : records) {
    text += std::to_string(record.seq()) + ' ' + ledger::hex(record.hash()) + '\n';
  }
  if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) std::exit(2);
}

int failed(const ledger::LedgerError& error, int exit_code) {
  std::cerr << error.message << '\n';
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  ledger::OpenOptions options = options_in(argv[1]);
  options.segment_bytes = std::stoull(argv[2]);
  options.retention = std::chrono::seconds{std::stoul(argv[3])};
  options.open_key = [&] { return ledger::own_checkpoint_key(options.dir, options.name); };
  const std::uint64_t groups = std::stoul(argv[4]);
  const std::size_t lines_at_once = std::stoul(argv[5]);
  auto opened = ledger::Ledger::open(options);
  if (!opened) return failed(opened.error(), 5);
  ledger::Ledger& written = **opened;
  std::vector<core::Line> lines;
  std::uint32_t run = 0;
  for (std::uint64_t group = 0; groups == 0 || group < groups; ++group) {
    while (lines.size() < lines_at_once) {
      for (auto& line : run_of("chat-walk", ++run)) lines.push_back(std::move(line));
    }
    const std::chrono::seconds age{static_cast<std::int64_t>(written.next_seq())};
    const auto records = written.append(std::span(lines).first(lines_at_once), options.now + age);
    tell(written.take_checkpoints());
    if (!records) return failed(records.error(), 6);
    tell(*records);
    lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(lines_at_once));
  }
  return 0;
}
