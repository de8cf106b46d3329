#include "exporters/ledger/verify.h"

#include <algorithm>
#include <utility>

#include "exporters/ledger/in_order.h"
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

// What was read in one go: the whole ledger, or one segment of it.
struct Stretch {
  Verification found;
  std::vector<std::pair<std::uint64_t, Hash>> heads;  // of the lengths that anchors ask for
};

// To the end of what the reader reads; damage ends it with a problem.
Result<void> read_lines(Reader& reader, const Witnesses& witnesses, Stretch& stretch) {
  Verification& found = stretch.found;
  const auto show = [&](std::uint64_t length, const Hash& head) {
    if (witnesses.anchors != nullptr && witnesses.anchors->wants(length)) {
      stretch.heads.emplace_back(length, head);
    }
  };
  bool first = true;
  while (true) {
    auto item = reader.next();
    if (!item) return item.error();
    if (!*item) return {};
    const Frame& frame = (*item)->frame;
    if (std::exchange(first, false)) {
      found.first_seq = frame.seq;
      // Of the line before the first one, its successor tells.
      if (frame.seq > 0) show(frame.seq, frame.prev);
    }
    show(frame.seq + 1, frame.hash);
    // Nearly all lines, and what they say is for replay.
    if (frame.kind == "attempt" || frame.kind == "outcome") continue;
    auto line = reader.decode(**item);
    if (!line) return line.error();
    if (frame.kind == "checkpoint") {
      if (auto objection = check_signed(*line, witnesses.keys)) {
        found.problem = Problem{
            reader.segment().name, frame.seq, (*item)->offset, "of its checkpoint: " + *objection};
        return {};
      }
      ++found.checkpoints;
      found.covered = frame.seq;
    }
  }
}

Result<Stretch> read_stretch(Reader& reader, const Witnesses& witnesses) {
  Stretch stretch;
  auto read = read_lines(reader, witnesses, stretch);
  if (!read && !reader.problem()) return read.error();
  Verification& found = stretch.found;
  found.ledger = reader.chain().ledger();
  if (reader.problem()) found.problem = reader.problem();
  found.lines = found.problem ? found.problem->seq : reader.chain().next_seq();
  found.head = reader.chain().head();
  found.incomplete_tail = reader.incomplete_tail();
  found.breaks = reader.breaks();
  return stretch;
}

// Behind what was read before it.
void join(Stretch& all, Stretch next) {
  if (all.found.ledger.empty()) {
    all = std::move(next);
    return;
  }
  all.found.lines = next.found.lines;
  all.found.head = next.found.head;
  all.found.incomplete_tail = next.found.incomplete_tail;
  all.found.checkpoints += next.found.checkpoints;
  all.found.covered = std::max(all.found.covered, next.found.covered);
  // The first of them was seen at the end of the segment before, too.
  for (auto& head : next.heads) {
    if (all.heads.empty() || all.heads.back().first < head.first) all.heads.push_back(head);
  }
}

// Each segment by itself, going on from the last line of the one before it: whole and sound, or
// nothing. Where anything is wrong, or breaks are stated, it takes a reading from the beginning to
// say what.
std::optional<Stretch> read_segments(const std::vector<Segment>& segments,
                                     const Witnesses& witnesses,
                                     const Progress& progress) {
  std::vector<std::uint64_t> sizes;
  std::uint64_t all_bytes = 0;
  for (const Segment& segment : segments) {
    std::error_code ignored;
    const auto size = std::filesystem::file_size(segment.path, ignored);
    sizes.push_back(ignored ? 0 : size);
    all_bytes += sizes.back();
  }
  const auto read = [&](std::size_t index) -> std::optional<Stretch> {
    auto reader = Reader::open_one(segments, index);
    if (!reader) return std::nullopt;
    auto stretch = read_stretch(*reader, witnesses);
    if (!stretch || !stretch->found.sound()) return std::nullopt;
    return std::move(*stretch);
  };
  Stretch all;
  std::size_t joined = 0;
  std::uint64_t done_bytes = 0;
  in_order(segments.size(), read, [&](std::optional<Stretch> stretch) {
    const bool goes_on = stretch && (joined == 0 || stretch->found.first_seq == all.found.lines);
    if (!goes_on) return false;
    join(all, std::move(*stretch));
    done_bytes += sizes[joined++];
    if (progress) progress(done_bytes, all_bytes);
    return true;
  });
  if (joined < segments.size()) return std::nullopt;
  return all;
}

}  // namespace

Result<Verification> verify(const std::filesystem::path& dir,
                            const Witnesses& witnesses,
                            const Progress& progress) {
  const auto segments = list_segments(dir);
  if (!segments) return segments.error();
  auto stretch = read_segments(*segments, witnesses, progress);
  std::size_t count = segments->size();
  if (!stretch || count == 0) {
    auto reader = Reader::open(dir);
    if (!reader) return reader.error();
    auto read = read_stretch(*reader, witnesses);
    if (!read) return read.error();
    stretch = std::move(*read);
    count = reader->segment_count();
  }
  for (const auto& [length, head] : stretch->heads) witnesses.anchors->see(length, head);
  stretch->found.segments = count;
  return std::move(stretch->found);
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
