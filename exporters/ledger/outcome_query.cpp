// query() and NewestFirst: pass over segments by time and over lines by the bytes they do not hold.
#include <fcntl.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "exporters/ledger/codec.h"
#include "exporters/ledger/in_order.h"
#include "exporters/ledger/query.h"
#include "exporters/ledger/reader.h"
#include "exporters/ledger/scan.h"

namespace smokeledger::exporters::ledger {
namespace {

bool in_time(const OutcomeFilter& filter, core::WallTime time) {
  return (!filter.from || time >= *filter.from) && (!filter.to || time < *filter.to);
}

bool may_hold(const OutcomeFilter& filter, const core::TimeRange& recorded) {
  return (!filter.from || recorded.latest >= *filter.from) &&
         (!filter.to || recorded.earliest < *filter.to);
}

bool matches(const OutcomeFilter& filter, const core::Outcome& outcome) {
  return (filter.probe.empty() || outcome.probe == filter.probe) &&
         (!filter.family || outcome.family == *filter.family) &&
         (!filter.decision || outcome.decision == *filter.decision) &&
         (!filter.status_class || outcome.status_class == *filter.status_class);
}

// How far the first and the last moment of the window are written alike: all between are, too.
std::string common_time(core::WallTime from, core::WallTime before) {
  const std::string first = core::format_utc(from);
  const std::string last = core::format_utc(before - std::chrono::seconds{1});
  return first.substr(
      0,
      static_cast<std::size_t>(std::mismatch(first.begin(), first.end(), last.begin()).first -
                               first.begin()));
}

// What the bytes of every match hold, the rarest first. Lines that hold it may still not match.
std::vector<std::string> needles_of(const OutcomeFilter& filter) {
  std::vector<std::string> needles;
  if (filter.from && filter.to && *filter.from < *filter.to) {
    needles.push_back(R"("recorded_at":")" + common_time(*filter.from, *filter.to));
  }
  const auto member = [&](std::string_view name, std::string_view value) {
    needles.push_back('"' + std::string(name) + R"(":")" + std::string(value) + '"');
  };
  if (!filter.probe.empty()) member("probe", filter.probe);
  if (filter.decision) member("fallback_decision", core::word(*filter.decision));
  if (filter.status_class) member("status_class", core::word(*filter.status_class));
  if (filter.family) member("endpoint_family", core::word(*filter.family));
  member("kind", "outcome");
  return needles;
}

// The numbers that the lines of one segment may have, and are worth anything with.
struct Span {
  std::uint64_t first_seq = 0;
  std::uint64_t end_seq = 0;
  bool broken = false;  // a break is stated: what cannot be read stands behind it
};

struct Questioned {
  std::vector<Segment> segments;
  std::vector<Span> spans;      // of each of them
  std::vector<Block> blocks;    // of those that may hold a match
  std::uint64_t all_bytes = 0;  // of the blocks
};

Result<Questioned> open_for(const std::filesystem::path& dir, const OutcomeFilter& filter) {
  auto reader = Reader::open(dir, Reader::From::last_segment);
  if (!reader) return reader.error();
  if (reader->problem()) {
    return LedgerError{LedgerErrorKind::corrupt, reader->problem()->text()};
  }
  Questioned questioned{reader->segments(), {}, {}, 0};
  for (std::size_t i = 0; i < questioned.segments.size(); ++i) {
    const Segment& segment = questioned.segments[i];
    const bool last = i + 1 == questioned.segments.size();
    const SegmentEnd end = last ? SegmentEnd{} : reader->passed().at(i);
    constexpr auto any = std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t before = filter.before_seq.value_or(any);
    questioned.spans.push_back({segment.first_seq,
                                std::min(before, last ? any : end.sound_before),
                                !last && end.sound_before < end.next_seq});
    if (segment.first_seq >= before || (end.recorded && !may_hold(filter, *end.recorded))) continue;
    auto file = File::open(segment.path, O_RDONLY);
    if (!file) return file.error();
    const auto size = file_size(*file, segment.path);
    if (!size) return size.error();
    const auto blocks = blocks_of(i, *size);
    questioned.blocks.insert(questioned.blocks.end(), blocks.begin(), blocks.end());
    questioned.all_bytes += *size;
  }
  return questioned;
}

struct Matches {
  std::vector<FoundOutcome> outcomes;
  std::optional<LedgerError> error;  // met behind them
};

// One block's lines.
class BlockQuery {
 public:
  BlockQuery(const OutcomeFilter& filter, const Segment& segment, Span span)
      : filter_(filter), segment_(segment), span_(span) {}

  void look(std::uint64_t offset, std::string_view line) {
    if (found_.error) return;
    const auto frame = read_frame(line);
    if (!frame && span_.broken) return;
    if (!frame) return object(0, offset, frame.error());
    const bool counts = frame->seq >= span_.first_seq && frame->seq < span_.end_seq;
    if (!counts || frame->kind != "outcome" || !in_time(filter_, frame->recorded_at)) return;
    if (frame->hash != line_hash(hasher_, frame->covered)) {
      return object(frame->seq, offset, "its hash does not match its bytes");
    }
    auto decoded = decoder_.decode(*frame, line);
    if (!decoded) return object(frame->seq, offset, decoded.error());
    if (!matches(filter_, std::get<core::OutcomeLine>(decoded->line).outcome)) return;
    found_.outcomes.push_back({std::string(line), make_record(*frame, std::move(decoded->line))});
  }
  Matches take() && { return std::move(found_); }

 private:
  void object(std::uint64_t seq, std::uint64_t offset, std::string what) {
    const Problem problem{segment_.name, seq, offset, std::move(what)};
    found_.error = LedgerError{LedgerErrorKind::corrupt, problem.text()};
  }

  const OutcomeFilter& filter_;
  const Segment& segment_;
  Span span_;
  Hasher hasher_;
  Decoder decoder_;
  Matches found_;
};

// Of one block, in order.
Matches look_into(const Block& block,
                  const Questioned& questioned,
                  const OutcomeFilter& filter,
                  const std::vector<std::string>& needles) {
  const Segment& segment = questioned.segments[block.segment];
  BlockQuery query(filter, segment, questioned.spans[block.segment]);
  auto scanned = scan(segment, block, needles, [&](std::uint64_t offset, std::string_view line) {
    query.look(offset, line);
  });
  Matches matches = std::move(query).take();
  if (!scanned) matches.error = scanned.error();
  return matches;
}

}  // namespace

Result<void> query(const std::filesystem::path& dir,
                   const OutcomeFilter& filter,
                   const std::function<void(const FoundOutcome&)>& found,
                   const Progress& progress) {
  auto questioned = open_for(dir, filter);
  if (!questioned) return questioned.error();
  auto& blocks = questioned->blocks;
  const bool from_the_end = filter.newest > 0;
  if (from_the_end) std::reverse(blocks.begin(), blocks.end());
  const auto needles = needles_of(filter);
  const auto look = [&](std::size_t index) {
    return look_into(blocks[index], *questioned, filter, needles);
  };
  std::vector<FoundOutcome> newest;  // the newest first
  std::optional<LedgerError> error;
  std::uint64_t done_bytes = 0;
  std::size_t taken = 0;
  in_order(blocks.size(), look, [&](Matches matches) {
    error = std::move(matches.error);
    if (!from_the_end) {
      for (const auto& outcome : matches.outcomes) found(outcome);
    } else if (!error) {
      std::reverse(matches.outcomes.begin(), matches.outcomes.end());
      for (auto& outcome : matches.outcomes) {
        if (newest.size() < filter.newest) newest.push_back(std::move(outcome));
      }
    }
    done_bytes += blocks[taken].end - blocks[taken].begin;
    ++taken;
    if (progress) progress(done_bytes, questioned->all_bytes);
    return !error && (!from_the_end || newest.size() < filter.newest);
  });
  if (error) return *error;
  std::reverse(newest.begin(), newest.end());
  for (const auto& outcome : newest) found(outcome);
  return {};
}

struct NewestFirst::Impl {
  OutcomeFilter filter;
  std::vector<std::string> needles;
  Questioned questioned;
};

NewestFirst::NewestFirst(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
NewestFirst::~NewestFirst() = default;
NewestFirst::NewestFirst(NewestFirst&&) noexcept = default;
NewestFirst& NewestFirst::operator=(NewestFirst&&) noexcept = default;

Result<NewestFirst> NewestFirst::open(const std::filesystem::path& dir,
                                      const OutcomeFilter& filter) {
  auto questioned = open_for(dir, filter);
  if (!questioned) return questioned.error();
  return NewestFirst(
      std::make_unique<Impl>(Impl{filter, needles_of(filter), std::move(*questioned)}));
}

Result<std::optional<std::vector<FoundOutcome>>> NewestFirst::next() {
  auto& blocks = impl_->questioned.blocks;
  if (blocks.empty()) return std::nullopt;
  Matches matches = look_into(blocks.back(), impl_->questioned, impl_->filter, impl_->needles);
  blocks.pop_back();
  if (matches.error) return *matches.error;
  std::reverse(matches.outcomes.begin(), matches.outcomes.end());
  return std::move(matches.outcomes);
}

}  // namespace smokeledger::exporters::ledger
