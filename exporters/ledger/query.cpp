#include "exporters/ledger/query.h"

#include <deque>

#include "exporters/ledger/reader.h"
#include "probes/core/state.h"

namespace smokeledger::exporters::ledger {
namespace {

bool in_time(const OutcomeFilter& filter, const Frame& frame) {
  return (!filter.from || frame.recorded_at >= *filter.from) &&
         (!filter.to || frame.recorded_at < *filter.to);
}

bool matches(const OutcomeFilter& filter, const core::Outcome& outcome) {
  return (filter.probe.empty() || outcome.probe == filter.probe) &&
         (!filter.family || outcome.family == *filter.family) &&
         (!filter.decision || outcome.decision == *filter.decision) &&
         (!filter.status_class || outcome.status_class == *filter.status_class);
}

// The next matching outcome; empty at the end.
Result<std::optional<FoundOutcome>> next_match(Reader& reader, const OutcomeFilter& filter) {
  while (true) {
    auto item = reader.next();
    if (!item) return item.error();
    if (!*item) return std::nullopt;
    const Frame& frame = (*item)->frame;
    if (frame.kind != "outcome" || !in_time(filter, frame)) continue;
    auto line = reader.decode(**item);
    if (!line) return line.error();
    if (!matches(filter, std::get<core::OutcomeLine>(*line).outcome)) continue;
    return FoundOutcome{std::string((*item)->bytes), make_record(frame, std::move(*line))};
  }
}

}  // namespace

const core::Outcome& FoundOutcome::outcome() const {
  return std::get<core::OutcomeLine>(record.line()).outcome;
}

Result<void> query(const std::filesystem::path& dir,
                   const OutcomeFilter& filter,
                   const std::function<void(const FoundOutcome&)>& found) {
  auto reader = Reader::open(dir);
  if (!reader) return reader.error();
  std::deque<FoundOutcome> newest;
  while (true) {
    auto match = next_match(*reader, filter);
    if (!match) return match.error();
    if (!*match) break;
    if (filter.newest == 0) {
      found(**match);
      continue;
    }
    newest.push_back(std::move(**match));
    if (newest.size() > filter.newest) newest.pop_front();
  }
  for (const auto& outcome : newest) found(outcome);
  return {};
}

Result<core::Tally> count(const std::filesystem::path& dir) {
  auto reader = Reader::open(dir);
  if (!reader) return reader.error();
  core::Tally tally;
  while (true) {
    auto item = reader->next();
    if (!item) return item.error();
    if (!*item) return tally;
    if ((*item)->frame.kind == "carry") continue;
    auto line = reader->decode(**item);
    if (!line) return line.error();
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
