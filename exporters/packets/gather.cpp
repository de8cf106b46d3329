#include "exporters/packets/gather.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>

#include "exporters/ledger/query.h"
#include "exporters/ledger/reader.h"
#include "exporters/ledger/reviews.h"
#include "exporters/ledger/slice.h"
#include "exporters/ledger/stretches.h"

namespace smokeledger::exporters::packets {
namespace {

using ledger::LedgerError;
using ledger::LedgerErrorKind;
using ledger::LedgerRecord;
using ledger::Result;

LedgerError unusable(std::string message) {
  return {LedgerErrorKind::unusable, std::move(message)};
}

// Lines of one kind from a number on, of those that `wanted` takes.
Result<std::vector<LedgerRecord>> lines_of_kind(
    const std::filesystem::path& dir,
    const std::string& kind,
    std::uint64_t from_seq,
    const std::function<bool(const LedgerRecord&)>& wanted) {
  const auto stretches = ledger::stretches_of(
      dir, std::nullopt, [&](const ledger::SegmentEnd& end) { return end.next_seq > from_seq; });
  if (!stretches) return stretches.error();
  std::vector<LedgerRecord> found;
  const ledger::LineQuestion question{
      {"\"kind\":\"" + kind + '"'},
      [&](const ledger::Frame& frame) { return frame.kind == kind && frame.seq >= from_seq; },
      [&](std::string_view, const ledger::Frame& frame, core::Line line) {
        auto record = ledger::make_record(frame, std::move(line));
        if (wanted(record)) found.push_back(std::move(record));
      }};
  for (const auto& block : stretches->blocks) {
    if (auto error = ledger::ask(*stretches, block, question)) return *error;
  }
  return found;
}

// Each once, in order.
std::vector<std::uint64_t> cited_by(const std::vector<LedgerRecord>& lines) {
  std::set<std::uint64_t> all;
  for (const auto& line : lines) {
    if (const auto seq = std::get<core::PacketLine>(line.line()).cited_seq) all.insert(*seq);
  }
  return {all.begin(), all.end()};
}

// The outcomes among what the packet cites, the first and the newest ones. Lines that somebody
// cites may have been retired since.
std::optional<LedgerError> add_outcomes(PacketEvidence& evidence,
                                        const std::filesystem::path& dir,
                                        const std::string& ledger_name) {
  std::vector<std::uint64_t> cited = cited_by(evidence.lines);
  if (cited.size() > most_runs) {
    evidence.runs_left_out = cited.size() - most_runs;
    cited.erase(cited.begin() + 1, cited.end() - (most_runs - 1));
  }
  for (const auto seq : cited) {
    auto line = ledger::find_line(dir, ledger_name + '-' + std::to_string(seq));
    if (!line) return line.error();
    if (!*line) {
      ++evidence.lines_gone;
    } else if (std::holds_alternative<core::OutcomeLine>((*line)->record.line())) {
      evidence.outcomes.push_back(std::move((*line)->record));
    }
  }
  return std::nullopt;
}

// A run's attempts stand before its outcome, with those of other runs between.
Result<std::vector<LedgerRecord>> attempts_of(const std::filesystem::path& dir,
                                              const std::vector<LedgerRecord>& outcomes) {
  if (outcomes.empty()) return std::vector<LedgerRecord>{};
  constexpr std::uint64_t lines_of_a_run_at_most_apart = 10'000;
  std::set<std::string> runs;
  for (const auto& record : outcomes) {
    runs.insert(std::get<core::OutcomeLine>(record.line()).outcome.check_id);
  }
  const std::uint64_t first = outcomes.front().seq();
  return lines_of_kind(dir,
                       "attempt",
                       first - std::min(first, lines_of_a_run_at_most_apart),
                       [&](const LedgerRecord& record) {
                         return runs.contains(std::get<core::AttemptLine>(record.line()).check_id);
                       });
}

std::uint64_t first_of(const PacketEvidence& evidence) {
  std::uint64_t first = evidence.lines.front().seq();
  for (const auto* const records : {&evidence.outcomes, &evidence.attempts}) {
    for (const auto& record : *records) first = std::min(first, record.seq());
  }
  return first;
}

// Nobody decides on a request before it is sent.
Result<std::vector<LedgerRecord>> decisions_since(const std::filesystem::path& dir,
                                                  std::uint64_t seq) {
  return lines_of_kind(dir, "decision", seq, [](const LedgerRecord&) { return true; });
}

// The first checkpoint behind all that the packet holds.
Result<std::optional<LedgerRecord>> checkpoint_behind(const std::filesystem::path& dir,
                                                      std::uint64_t seq) {
  auto found = lines_of_kind(dir, "checkpoint", seq + 1, [](const LedgerRecord&) { return true; });
  if (!found) return found.error();
  if (found->empty()) return std::nullopt;
  return std::move(found->front());
}

}  // namespace

Result<core::PacketBook> read_book(const std::filesystem::path& dir) {
  auto reader = ledger::Reader::open(dir, ledger::Reader::From::last_segment);
  if (!reader) return reader.error();
  core::PacketBook book;
  while (true) {
    auto item = reader->next();
    if (!item) return item.error();
    if (!*item) return book;
    auto line = reader->decode(**item);
    if (!line) return line.error();
    core::fold(book, *line, (*item)->frame.seq, (*item)->frame.recorded_at);
  }
}

Result<PacketEvidence> gather(const std::filesystem::path& dir,
                              std::string_view packet_id,
                              const Circumstances& ours) {
  const auto number = ledger::seq_of(packet_id);
  if (!number) return unusable("'" + std::string(packet_id) + "' is not a ledger id");
  auto book = read_book(dir);
  if (!book) return book.error();
  auto lines = lines_of_kind(dir, "packet", *number, [&](const LedgerRecord& record) {
    const auto& line = std::get<core::PacketLine>(record.line());
    return line.packet.value_or(record.seq()) == *number;
  });
  if (!lines) return lines.error();
  if (lines->empty() || lines->front().ledger_id() != packet_id) {
    return unusable("no packet of this ledger is " + std::string(packet_id) +
                    "; smokeledger packet list prints those that are open");
  }
  const std::string ledger_name(packet_id.substr(0, packet_id.rfind('-')));
  PacketEvidence evidence;
  evidence.ledger_dir = dir.string();
  evidence.lines = std::move(*lines);
  if (auto error = add_outcomes(evidence, dir, ledger_name)) return *error;
  auto attempts = attempts_of(dir, evidence.outcomes);
  if (!attempts) return attempts.error();
  evidence.attempts = std::move(*attempts);
  auto reviews = ledger::reviews(dir);
  if (!reviews) return reviews.error();
  auto decisions = decisions_since(dir, first_of(evidence));
  if (!decisions) return decisions.error();
  auto checkpoint = checkpoint_behind(dir, evidence.lines.back().seq());
  if (!checkpoint) return checkpoint.error();
  evidence.environment = ours.environment;
  evidence.build = ours.build;
  evidence.config_sha256 = ours.config_sha256;
  evidence.config_file = ours.config_file;
  evidence.contracts = ours.contracts;
  evidence.decisions = std::move(*decisions);
  for (const auto& outcome : evidence.outcomes) {
    if (const auto* const review = reviews->of(outcome.seq())) evidence.reviews.push_back(*review);
  }
  evidence.checkpoint = std::move(*checkpoint);
  const auto live = book->live.find(*number);
  if (live != book->live.end()) evidence.live = live->second;
  return evidence;
}

}  // namespace smokeledger::exporters::packets
