#include "exporters/ledger/reader.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <utility>

namespace smokeledger::exporters::ledger {
namespace {

LedgerError unsound(std::string clause) {
  return {LedgerErrorKind::corrupt, std::move(clause)};
}

Result<std::vector<Segment>> some_segments(const std::filesystem::path& dir) {
  auto segments = list_segments(dir);
  if (segments && segments->empty()) {
    return LedgerError{LedgerErrorKind::unusable, "there is no ledger in " + dir.string()};
  }
  return segments;
}

// The last line of a segment that has a successor. The message of `corrupt` is a clause.
Result<SegmentEnd> read_end(const Segment& segment) {
  auto file = File::open(segment.path, O_RDONLY);
  if (!file) return file.error();
  auto size = file_size(*file, segment.path);
  if (!size) return size.error();
  std::array<char, max_line_bytes + 2> buffer{};  // a newline, a line, a newline
  const std::uint64_t wanted = std::min<std::uint64_t>(*size, buffer.size());
  auto got = read_at(*file, segment.path, buffer.data(), wanted, *size - wanted);
  if (!got) return got.error();
  std::string_view bytes(buffer.data(), *got);
  if (!bytes.ends_with('\n')) return unsound("it does not end with a complete line");
  bytes.remove_suffix(1);
  const auto newline = bytes.rfind('\n');
  bytes.remove_prefix(newline == std::string_view::npos ? 0 : newline + 1);
  auto frame = read_frame(bytes);
  if (!frame) return unsound("its last line is damaged: " + frame.error());
  Hasher hasher;
  const std::string number = "-" + std::to_string(frame->seq);
  if (frame->hash != line_hash(hasher, frame->covered) || !frame->ledger_id.ends_with(number)) {
    return unsound("its last line is damaged: its hash does not match its bytes");
  }
  if (frame->kind != "seal") {
    return unsound("it has a successor but does not end with a seal");
  }
  SegmentEnd end{segment.name, std::string(frame->ledger_id), frame->seq + 1, frame->hash};
  end.ledger.resize(end.ledger.size() - number.size());
  end.sound_before = end.next_seq;
  Decoder decoder;
  auto seal = decoder.decode(*frame, bytes);
  if (!seal) return unsound("its last line is damaged: " + seal.error());
  const auto& said = std::get<core::SealLine>(seal->line);
  end.recorded = said.recorded;
  end.reviews = said.reviews;
  return end;
}

// What the first line of a segment says of damage before it, and the hash it goes on from.
struct Statement {
  std::string ledger;
  core::Break found;
  Hash head{};
};
std::optional<Statement> statement_of(const Segment& segment) {
  auto scanner = LineScanner::open(segment.path);
  if (!scanner) return std::nullopt;
  auto line = scanner->next();
  if (!line || !*line) return std::nullopt;
  const std::string_view bytes = (*line)->bytes;
  auto frame = read_frame(bytes);
  Hasher hasher;
  if (!frame || frame->kind != "open" || frame->hash != line_hash(hasher, frame->covered)) {
    return std::nullopt;
  }
  Decoder decoder;
  auto decoded = decoder.decode(*frame, bytes);
  if (!decoded) return std::nullopt;
  auto& open = std::get<core::OpenLine>(decoded->line);
  if (!open.behind_break) return std::nullopt;
  return Statement{open.ledger, *open.behind_break, frame->prev};
}

// Where the next segment goes on: behind the last line of this one, or where it states a break.
Result<SegmentEnd> end_of(const Segment& segment, const Segment& next) {
  const auto stated = statement_of(next);
  if (!stated || stated->found.segment != segment.name) return read_end(segment);
  return SegmentEnd{
      segment.name, stated->ledger, next.first_seq, stated->head, stated->found.from_seq};
}

}  // namespace

std::string Problem::text() const {
  return file + ": line " + std::to_string(seq) + " at byte " + std::to_string(offset) + ": " +
         what;
}

LedgerError Reader::damaged(std::string what, std::uint64_t offset) {
  problem_ = Problem{segments_[current_].name, chain_.next_seq(), offset, std::move(what)};
  scanner_.reset();
  return {LedgerErrorKind::corrupt, problem_->text()};
}

Result<Reader> Reader::open(const std::filesystem::path& dir, From from) {
  auto segments = some_segments(dir);
  if (!segments) return segments.error();
  const std::size_t begin = from == From::last_segment ? segments->size() - 1 : 0;
  return open_segments(std::move(*segments), begin);
}

Result<Reader> Reader::open_at(const std::filesystem::path& dir, std::uint64_t seq) {
  auto segments = some_segments(dir);
  if (!segments) return segments.error();
  std::size_t begin = 0;
  while (begin + 1 < segments->size() && (*segments)[begin + 1].first_seq <= seq) ++begin;
  return open_segments(std::move(*segments), begin);
}

Result<Reader> Reader::open_segments(std::vector<Segment> segments, std::size_t begin) {
  Reader reader;
  reader.segments_ = std::move(segments);
  reader.end_ = reader.segments_.size();
  Result<void> ready = reader.skip_to(begin);
  if (ready) ready = reader.enter(reader.current_);
  if (!ready && !reader.problem_) return ready.error();
  return reader;
}

Result<Reader> Reader::open_one(std::vector<Segment> all, std::size_t index) {
  Reader reader;
  reader.segments_ = std::move(all);
  reader.end_ = index + 1;
  if (index > 0) {
    auto before = read_end(reader.segments_[index - 1]);
    if (!before) return before.error();
    reader.chain_ = Chain(std::move(*before), reader.segments_.front().first_seq);
  }
  if (auto entered = reader.enter(index); !entered && !reader.problem_) return entered.error();
  return reader;
}

Result<void> Reader::skip_to(std::size_t begin) {
  for (; current_ < begin; ++current_) {
    const Segment& segment = segments_[current_];
    if (auto objection = chain_.enter(segment)) return damaged(std::move(*objection), 0);
    auto end = end_of(segment, segments_[current_ + 1]);
    if (!end && end.error().kind == LedgerErrorKind::corrupt) {
      return damaged(end.error().message, 0);
    }
    if (!end) return end.error();
    passed_.push_back(*end);
    chain_ = Chain(std::move(*end), chain_.begins_at());
  }
  return {};
}

Result<void> Reader::enter(std::size_t index) {
  current_ = index;
  if (auto objection = chain_.enter(segment())) return damaged(std::move(*objection), 0);
  auto scanner = LineScanner::open(segment().path);
  if (!scanner) return scanner.error();
  scanner_ = std::move(*scanner);
  return {};
}

// At the end of a segment: what stands behind its last complete line, and whether it is whole.
Result<void> Reader::leave() {
  const bool last = current_ + 1 == segments_.size();
  auto tail = scanner_->tail();
  if (!tail) return tail.error();
  end_offset_ = scanner_->offset();
  if (auto objection = chain_.leave(last)) return damaged(std::move(*objection), end_offset_);
  if (*tail != Tail::none && chain_.sealed()) {
    return damaged("bytes stand behind the seal that ends the segment", end_offset_);
  }
  if (*tail == Tail::damaged) {
    return damaged("the bytes from here on are not a line, and too many to be a torn one",
                   end_offset_);
  }
  incomplete_tail_ = *tail == Tail::incomplete;
  scanner_.reset();
  if (current_ + 1 == end_) return {};
  return enter(current_ + 1);
}

// Whether the next segment states the damage just met, at the line where it was met, and goes on
// from the line before it. Then this one is left there.
Result<bool> Reader::pass_over() {
  if (!problem_ || current_ + 1 == end_) return false;
  const Segment& next = segments_[current_ + 1];
  const auto stated = statement_of(next);
  if (!stated || stated->found.segment != segment().name ||
      stated->found.from_seq != chain_.next_seq() || stated->head != chain_.head() ||
      next.first_seq <= chain_.next_seq()) {
    return false;
  }
  breaks_.push_back({*std::exchange(problem_, std::nullopt), next.first_seq});
  chain_ =
      Chain({segment().name, stated->ledger, next.first_seq, stated->head}, chain_.begins_at());
  if (auto entered = enter(current_ + 1); !entered) return entered.error();
  return true;
}

Result<std::optional<Reader::Item>> Reader::next() {
  if (problem_) return LedgerError{LedgerErrorKind::corrupt, problem_->text()};
  while (scanner_) {
    auto line = scanner_->next();
    if (!line) return line.error();
    Result<void> sound;
    if (*line) {
      auto frame = chain_.check((*line)->bytes);
      if (frame) return Item{*frame, (*line)->bytes, (*line)->offset};
      sound = damaged(frame.error(), (*line)->offset);
    } else {
      sound = leave();
    }
    if (sound) continue;
    const LedgerError error = sound.error();
    auto passed = pass_over();
    if (!passed) return passed.error();
    if (!*passed) return error;
  }
  return std::nullopt;
}

Result<core::Line> Reader::decode(const Item& item) {
  auto line = chain_.decode(item.frame, item.bytes);
  if (line) return std::move(*line);
  LedgerError error = damaged(line.error(), item.offset);
  problem_->seq = item.frame.seq;
  error.message = problem_->text();
  return error;
}

}  // namespace smokeledger::exporters::ledger
