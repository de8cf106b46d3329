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

// The first cited and the newest ones, each once, in order.
std::vector<std::uint64_t> cited_by(const std::vector<LedgerRecord>& lines) {
  std::set<std::uint64_t> all;
  for (const auto& line : lines) {
    if (const auto seq = std::get<core::PacketLine>(line.line()).cited_seq) all.insert(*seq);
  }
  std::vector<std::uint64_t> cited(all.begin(), all.end());
  if (cited.size() > most_runs) cited.erase(cited.begin() + 1, cited.end() - (most_runs - 1));
  return cited;
}

// Lines that somebody else cites may have been retired since.
Result<std::vector<LedgerRecord>> outcomes_of(const std::filesystem::path& dir,
                                              const std::string& ledger_name,
                                              const std::vector<std::uint64_t>& seqs) {
  std::vector<LedgerRecord> outcomes;
  for (const auto seq : seqs) {
    auto line = ledger::find_line(dir, ledger_name + '-' + std::to_string(seq));
    if (!line) return line.error();
    const bool is_outcome =
        *line && std::holds_alternative<core::OutcomeLine>((*line)->record.line());
    if (is_outcome) outcomes.push_back(std::move((*line)->record));
  }
  return outcomes;
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
  auto outcomes = outcomes_of(dir, ledger_name, cited_by(*lines));
  if (!outcomes) return outcomes.error();
  auto attempts = attempts_of(dir, *outcomes);
  if (!attempts) return attempts.error();
  auto reviews = ledger::reviews(dir);
  if (!reviews) return reviews.error();
  auto checkpoint = checkpoint_behind(dir, lines->back().seq());
  if (!checkpoint) return checkpoint.error();
  PacketEvidence evidence;
  evidence.environment = ours.environment;
  evidence.build = ours.build;
  evidence.config_sha256 = ours.config_sha256;
  evidence.config_file = ours.config_file;
  evidence.contracts = ours.contracts;
  evidence.lines = std::move(*lines);
  evidence.outcomes = std::move(*outcomes);
  evidence.attempts = std::move(*attempts);
  for (const auto& outcome : evidence.outcomes) {
    if (const auto* const review = reviews->of(outcome.seq())) evidence.reviews.push_back(*review);
  }
  evidence.checkpoint = std::move(*checkpoint);
  const auto live = book->live.find(*number);
  if (live != book->live.end()) evidence.live = live->second;
  return evidence;
}

}  // namespace smokeledger::exporters::packets
