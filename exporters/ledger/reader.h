// Reads a ledger directory front to back, checking every line it gives out. Read-only, needs no
// lock, works on a ledger that is being written. Constant memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/ledger/chain.h"
#include "exporters/ledger/error.h"
#include "exporters/ledger/line_scanner.h"
#include "exporters/ledger/segments.h"

namespace smokeledger::exporters::ledger {

// The first damage met.
struct Problem {
  std::string file;          // name of the segment
  std::uint64_t seq = 0;     // of the line that is damaged or missing
  std::uint64_t offset = 0;  // in bytes, where that line begins in the file
  std::string what;          // a clause

  std::string text() const;  // `FILE: line SEQ at byte OFFSET: WHAT`
};

// Damage that a later segment states, and behind which the ledger goes on.
struct StatedBreak {
  Problem problem;               // as it was met
  std::uint64_t goes_on_at = 0;  // seq of the first line behind it
};

class Reader {
 public:
  enum class From {
    first_segment,
    last_segment,  // of the earlier ones only names, order and last lines are checked
  };

  // A checked line. Views live until the next call of next().
  struct Item {
    Frame frame;
    std::string_view bytes;  // without the newline
    std::uint64_t offset = 0;
  };

  // Error `unusable`: no such directory, or no segment in it. Damage met here is given by next().
  static Result<Reader> open(const std::filesystem::path& dir, From = From::first_segment);
  // From the segment on that holds the line of this number, or would hold it; of the earlier ones
  // only names, order and last lines are checked. The same errors.
  static Result<Reader> open_at(const std::filesystem::path& dir, std::uint64_t seq);

  // Only this one of all segments, going on from the last line of the one before it. Error
  // `corrupt`: that line is damaged.
  static Result<Reader> open_one(std::vector<Segment> all, std::size_t index);

  // The next line; empty at the end. Error `corrupt`: problem() says where. Damage that the segment
  // behind it states is passed over, with what stands between.
  Result<std::optional<Item>> next();
  // Its payload; the same errors.
  Result<core::Line> decode(const Item&);

  const std::optional<Problem>& problem() const { return problem_; }
  const std::vector<StatedBreak>& breaks() const { return breaks_; }  // met so far
  const Chain& chain() const { return chain_; }
  const Segment& segment() const { return segments_[current_]; }
  const std::vector<Segment>& segments() const { return segments_; }
  std::size_t segment_count() const { return segments_.size(); }
  // Of the segments that were passed over by open() and open_at().
  const std::vector<SegmentEnd>& passed() const { return passed_; }
  // After the end: whether bytes stand behind the last complete line, and where.
  bool incomplete_tail() const { return incomplete_tail_; }
  std::uint64_t end_offset() const { return end_offset_; }

 private:
  Reader() = default;
  Result<void> enter(std::size_t index);
  // `begin`: the number of the segment to begin with.
  static Result<Reader> open_segments(std::vector<Segment>, std::size_t begin);
  Result<void> skip_to(std::size_t begin);
  Result<void> leave();
  LedgerError damaged(std::string what, std::uint64_t offset);
  Result<bool> pass_over();

  std::vector<Segment> segments_;
  std::size_t current_ = 0;
  std::size_t end_ = 0;  // segments behind this one, exclusive, are not read
  std::vector<SegmentEnd> passed_;
  std::optional<LineScanner> scanner_;  // empty: at the end
  Chain chain_;
  std::optional<Problem> problem_;
  std::vector<StatedBreak> breaks_;
  bool incomplete_tail_ = false;
  std::uint64_t end_offset_ = 0;
};

}  // namespace smokeledger::exporters::ledger
