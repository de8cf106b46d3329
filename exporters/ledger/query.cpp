#include "exporters/ledger/query.h"

#include <fcntl.h>

#include <array>
#include <charconv>
#include <map>

#include "exporters/ledger/reader.h"
#include "exporters/ledger/scan.h"
#include "probes/core/state.h"

namespace smokeledger::exporters::ledger {
namespace {

// The outcome of this number and id, with its policy if that stands between here and there.
Result<std::optional<OutcomeAndPolicy>> find(Reader& reader,
                                             std::uint64_t seq,
                                             std::string_view ledger_id) {
  std::map<std::string, core::PolicyLine> policies;
  while (true) {
    auto item = reader.next();
    if (!item) return item.error();
    if (!*item || (*item)->frame.seq > seq) return std::nullopt;
    const Frame& frame = (*item)->frame;
    if (frame.kind == "policy") {
      auto line = reader.decode(**item);
      if (!line) return line.error();
      auto& policy = std::get<core::PolicyLine>(*line);
      std::string sha256 = policy.policy_sha256;
      policies.insert_or_assign(std::move(sha256), std::move(policy));
    }
    if (frame.seq != seq || frame.kind != "outcome" || frame.ledger_id != ledger_id) continue;
    auto line = reader.decode(**item);
    if (!line) return line.error();
    OutcomeAndPolicy found{{std::string((*item)->bytes), make_record(frame, std::move(*line))},
                           std::nullopt};
    const auto policy = policies.find(found.outcome.outcome().policy_sha256);
    if (policy != policies.end()) found.policy = std::move(policy->second);
    return found;
  }
}

}  // namespace

std::optional<std::uint64_t> seq_of(std::string_view ledger_id) {
  const auto dash = ledger_id.rfind('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view digits = ledger_id.substr(dash + 1);
  std::uint64_t seq = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), seq);
  if (std::to_string(seq) != digits) return std::nullopt;
  return seq;
}

const core::Outcome& FoundOutcome::outcome() const {
  return std::get<core::OutcomeLine>(record.line()).outcome;
}

Result<std::optional<OutcomeAndPolicy>> find_outcome(const std::filesystem::path& dir,
                                                     std::string_view ledger_id) {
  const auto seq = seq_of(ledger_id);
  if (!seq) return std::nullopt;
  auto reader = Reader::open_at(dir, *seq);
  if (!reader) return reader.error();
  auto found = find(*reader, *seq, ledger_id);
  if (!found || !*found || (*found)->policy) return found;
  // A policy that was no longer in force when this segment began.
  auto from_the_first = Reader::open(dir);
  if (!from_the_first) return from_the_first.error();
  return find(*from_the_first, *seq, ledger_id);
}

namespace {

// What the scan of a segment meets where the line of this id should stand.
class LineSearch {
 public:
  LineSearch(const Segment& segment, std::uint64_t seq, std::string_view ledger_id)
      : segment_(segment), seq_(seq), ledger_id_(ledger_id) {}

  void look(std::uint64_t offset, std::string_view line) {
    const auto frame = read_frame(line);
    if (!frame || frame->seq != seq_ || frame->ledger_id != ledger_id_) return;
    Hasher hasher;
    if (frame->hash != line_hash(hasher, frame->covered)) {
      return object(offset, "its hash does not match its bytes");
    }
    Decoder decoder;
    auto decoded = decoder.decode(*frame, line);
    if (!decoded) return object(offset, decoded.error());
    found_ = FoundLine{std::string(line),
                       segment_.name,
                       std::string(frame->kind),
                       make_record(*frame, std::move(decoded->line))};
  }
  bool ended() const { return found_ || error_; }
  Result<std::optional<FoundLine>> take() && {
    if (error_) return *error_;
    return std::move(found_);
  }

 private:
  void object(std::uint64_t offset, std::string what) {
    const Problem problem{segment_.name, seq_, offset, std::move(what)};
    error_ = LedgerError{LedgerErrorKind::corrupt, problem.text()};
  }

  const Segment& segment_;
  std::uint64_t seq_;
  std::string_view ledger_id_;
  std::optional<FoundLine> found_;
  std::optional<LedgerError> error_;
};

}  // namespace

Result<std::optional<FoundLine>> find_line(const std::filesystem::path& dir,
                                           std::string_view ledger_id) {
  const auto seq = seq_of(ledger_id);
  if (!seq || ledger_id.find_first_of("\"\\\n") != std::string_view::npos) return std::nullopt;
  auto reader = Reader::open(dir, Reader::From::last_segment);
  if (!reader) return reader.error();
  if (reader->problem()) {
    return LedgerError{LedgerErrorKind::corrupt, reader->problem()->text()};
  }
  const auto& segments = reader->segments();
  std::size_t index = segments.size();
  while (index > 0 && segments[index - 1].first_seq > *seq) --index;
  if (index == 0) return std::nullopt;
  const Segment& segment = segments[--index];
  const bool behind_damage =
      index + 1 < segments.size() && *seq >= reader->passed().at(index).sound_before;
  if (behind_damage) return std::nullopt;
  auto file = File::open(segment.path, O_RDONLY);
  if (!file) return file.error();
  const auto size = file_size(*file, segment.path);
  if (!size) return size.error();
  const std::array<std::string, 1> needles{"\"ledger_id\":\"" + std::string(ledger_id) + '"'};
  LineSearch search(segment, *seq, ledger_id);
  for (const Block& block : blocks_of(index, *size)) {
    auto scanned = scan(segment, block, needles, [&](std::uint64_t offset, std::string_view line) {
      search.look(offset, line);
    });
    if (!scanned) return scanned.error();
    if (search.ended()) break;
  }
  return std::move(search).take();
}

Result<core::Tally> count(const std::filesystem::path& dir) {
  auto reader = Reader::open(dir);
  if (!reader) return reader.error();
  core::Tally tally;
  // What was retired, or lies behind a break, is known by what the first segment after it carries;
  // later ones only repeat.
  std::uint64_t stands_alone = reader->chain().begins_at();
  while (true) {
    auto item = reader->next();
    if (!item) return item.error();
    if (!*item) return tally;
    const auto& breaks = reader->breaks();
    if (!breaks.empty() && breaks.back().goes_on_at == (*item)->frame.seq) {
      stands_alone = breaks.back().goes_on_at;
      tally.clear();
    }
    const bool first = reader->segment().first_seq == stands_alone;
    if ((*item)->frame.kind == "carry" && !first) continue;
    auto line = reader->decode(**item);
    if (!line) return line.error();
    if (const auto* carry = std::get_if<core::CarryLine>(&*line)) {
      for (const auto& [key, count] : carry->state.tally) tally[key] += count;
    }
    for (auto& increment : core::increments(*line)) tally[increment.key] += increment.by;
  }
}

Result<Head> head(const std::filesystem::path& dir) {
  auto reader = Reader::open(dir, Reader::From::last_segment);
  if (!reader) return reader.error();
  Head head;
  while (true) {
    auto item = reader->next();
    if (!item) return item.error();
    if (!*item) break;
    head.bytes = (*item)->bytes;
    head.seq = (*item)->frame.seq;
    head.recorded_at = (*item)->frame.recorded_at;
  }
  head.ledger = reader->chain().ledger();
  head.segment = reader->segment().name;
  head.hash = reader->chain().head();
  head.incomplete_tail = reader->incomplete_tail();
  return head;
}

}  // namespace smokeledger::exporters::ledger
