#include "exporters/ledger/verify.h"

namespace smokeledger::exporters::ledger {
namespace {

std::string counted(std::uint64_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

// The whole ledger; damage ends it with the reader's problem set.
Result<void> read_all(Reader& reader) {
  while (true) {
    auto item = reader.next();
    if (!item) return item.error();
    if (!*item) return {};
    if (auto line = reader.decode(**item); !line) return line.error();
  }
}

}  // namespace

Result<Verification> verify(const std::filesystem::path& dir) {
  auto reader = Reader::open(dir);
  if (!reader) return reader.error();
  auto read = read_all(*reader);
  if (!read && !reader->problem()) return read.error();
  Verification verification;
  verification.ledger = reader->chain().ledger();
  verification.problem = reader->problem();
  verification.lines =
      verification.problem ? verification.problem->seq : reader->chain().next_seq();
  verification.segments = reader->segment_count();
  verification.head = reader->chain().head();
  verification.incomplete_tail = reader->incomplete_tail();
  verification.breaks = reader->breaks();
  return verification;
}

std::string sentence(const Verification& verification) {
  if (verification.problem) {
    return "damaged: " + verification.problem->text() + "; " + counted(verification.lines, "line") +
           " before it verified, nothing behind it was checked";
  }
  std::string text = "ledger " + verification.ledger + ": " + counted(verification.lines, "line") +
                     " in " + counted(verification.segments, "segment") +
                     " verified, the last is " + std::to_string(verification.lines - 1) +
                     " with hash " + hex(verification.head);
  for (const StatedBreak& stated : verification.breaks) {
    text += "; not verified, as line " + std::to_string(stated.goes_on_at) +
            " states: " + stated.problem.text();
  }
  if (verification.incomplete_tail) {
    text += "; 1 incomplete line at the end, being written or torn, not verified";
  }
  return text;
}

}  // namespace smokeledger::exporters::ledger
