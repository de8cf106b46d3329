#include "exporters/ledger/verify.h"

#include <utility>

#include "exporters/ledger/signed_note.h"

namespace smokeledger::exporters::ledger {
namespace {

std::string counted(std::uint64_t number, const std::string& what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

// Of a checkpoint's line; empty: signed by one of the keys, or nobody asked.
std::optional<std::string> check_signed(const core::Line& line, std::span<const VerifierKey> keys) {
  const auto* checkpoint = std::get_if<core::CheckpointLine>(&line);
  if (checkpoint == nullptr || keys.empty()) return std::nullopt;
  const auto note = parse_note(checkpoint->note);
  return note ? check_signatures(*note, keys) : note.error();
}

// The whole ledger; damage ends it with a problem.
Result<void> read_all(Reader& reader, const Witnesses& witnesses, Verification& found) {
  bool first = true;
  while (true) {
    auto item = reader.next();
    if (!item) return item.error();
    if (!*item) return {};
    const Frame& frame = (*item)->frame;
    if (std::exchange(first, false)) found.first_seq = frame.seq;
    auto line = reader.decode(**item);
    if (!line) return line.error();
    if (auto objection = check_signed(*line, witnesses.keys)) {
      found.problem = Problem{
          reader.segment().name, frame.seq, (*item)->offset, "of its checkpoint: " + *objection};
      return {};
    }
    if (frame.kind == "checkpoint") {
      ++found.checkpoints;
      found.covered = frame.seq;
    }
    if (witnesses.anchors != nullptr) witnesses.anchors->see(frame, reader.chain().ledger());
  }
}

}  // namespace

Result<Verification> verify(const std::filesystem::path& dir, const Witnesses& witnesses) {
  auto reader = Reader::open(dir);
  if (!reader) return reader.error();
  Verification verification;
  auto read = read_all(*reader, witnesses, verification);
  if (!read && !reader->problem()) return read.error();
  verification.ledger = reader->chain().ledger();
  if (reader->problem()) verification.problem = reader->problem();
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
