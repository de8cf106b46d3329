#include "exporters/ledger/stretches.h"

#include <fcntl.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "exporters/ledger/codec.h"
#include "exporters/ledger/file.h"
#include "exporters/ledger/reader.h"

namespace smokeledger::exporters::ledger {
namespace {

// One block's lines.
class BlockQuestion {
 public:
  BlockQuestion(const LineQuestion& question, const Segment& segment, Span span)
      : question_(question), segment_(segment), span_(span) {}

  void look(std::uint64_t offset, std::string_view line) {
    if (error_) return;
    const auto frame = read_frame(line);
    if (!frame && span_.broken) return;
    if (!frame) return object(0, offset, frame.error());
    const bool counts = frame->seq >= span_.first_seq && frame->seq < span_.end_seq;
    if (!counts || !question_.wants(*frame)) return;
    if (frame->hash != line_hash(hasher_, frame->covered)) {
      return object(frame->seq, offset, "its hash does not match its bytes");
    }
    auto decoded = decoder_.decode(*frame, line);
    if (!decoded) return object(frame->seq, offset, decoded.error());
    question_.found(line, *frame, std::move(decoded->line));
  }
  std::optional<LedgerError> take_error() && { return std::move(error_); }

 private:
  void object(std::uint64_t seq, std::uint64_t offset, std::string what) {
    const Problem problem{segment_.name, seq, offset, std::move(what)};
    error_ = LedgerError{LedgerErrorKind::corrupt, problem.text()};
  }

  const LineQuestion& question_;
  const Segment& segment_;
  Span span_;
  Hasher hasher_;
  Decoder decoder_;
  std::optional<LedgerError> error_;
};

}  // namespace

Result<Stretches> stretches_of(const std::filesystem::path& dir,
                               std::optional<std::uint64_t> before_seq,
                               const std::function<bool(const SegmentEnd&)>& may_hold) {
  auto reader = Reader::open(dir, Reader::From::last_segment);
  if (!reader) return reader.error();
  if (reader->problem()) {
    return LedgerError{LedgerErrorKind::corrupt, reader->problem()->text()};
  }
  Stretches stretches{reader->segments(), {}, {}, 0};
  for (std::size_t i = 0; i < stretches.segments.size(); ++i) {
    const Segment& segment = stretches.segments[i];
    const bool last = i + 1 == stretches.segments.size();
    const SegmentEnd end = last ? SegmentEnd{} : reader->passed().at(i);
    constexpr auto any = std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t before = before_seq.value_or(any);
    stretches.spans.push_back({segment.first_seq,
                               std::min(before, last ? any : end.sound_before),
                               !last && end.sound_before < end.next_seq});
    if (segment.first_seq >= before || (!last && !may_hold(end))) continue;
    auto file = File::open(segment.path, O_RDONLY);
    if (!file) return file.error();
    const auto size = file_size(*file, segment.path);
    if (!size) return size.error();
    const auto blocks = blocks_of(i, *size);
    stretches.blocks.insert(stretches.blocks.end(), blocks.begin(), blocks.end());
    stretches.all_bytes += *size;
  }
  return stretches;
}

std::optional<LedgerError> ask(const Stretches& stretches,
                               const Block& block,
                               const LineQuestion& question) {
  const Segment& segment = stretches.segments[block.segment];
  BlockQuestion asked(question, segment, stretches.spans[block.segment]);
  auto scanned =
      scan(segment, block, question.needles, [&](std::uint64_t offset, std::string_view line) {
        asked.look(offset, line);
      });
  if (!scanned) return scanned.error();
  return std::move(asked).take_error();
}

}  // namespace smokeledger::exporters::ledger
