// query() and NewestFirst: pass over segments by time and over lines by the bytes they do not hold.
#include <algorithm>
#include <utility>

#include "exporters/ledger/in_order.h"
#include "exporters/ledger/query.h"
#include "exporters/ledger/stretches.h"

namespace smokeledger::exporters::ledger {
namespace {

bool in_time(const OutcomeFilter& filter, core::WallTime time) {
  return (!filter.from || time >= *filter.from) && (!filter.to || time < *filter.to);
}

bool may_hold(const OutcomeFilter& filter, const core::TimeRange& recorded) {
  return (!filter.from || recorded.latest >= *filter.from) &&
         (!filter.to || recorded.earliest < *filter.to);
}

std::string_view kind_of(const OutcomeFilter& filter) {
  return filter.lines == Asked::outcomes ? "outcome" : "decision";
}

bool is_match(const OutcomeFilter& filter, const core::HumanDecision& decision) {
  return filter.probe.empty() && !filter.status_class &&
         (!filter.family || decision.family == *filter.family) &&
         (!filter.decision || decision.decision == *filter.decision);
}

bool is_match(const OutcomeFilter& filter, const core::Line& line) {
  if (const auto* recorded = std::get_if<core::DecisionLine>(&line)) {
    return is_match(filter, recorded->decision);
  }
  const core::Outcome& outcome = std::get<core::OutcomeLine>(line).outcome;
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
  member("kind", kind_of(filter));
  return needles;
}

struct Matches {
  std::vector<FoundOutcome> outcomes;
  std::optional<LedgerError> error;  // met behind them
};

// Of one block, in order.
Matches look_into(const Block& block,
                  const Stretches& stretches,
                  const OutcomeFilter& filter,
                  const std::vector<std::string>& needles) {
  Matches matches;
  const LineQuestion question{
      needles,
      [&](const Frame& frame) {
        return frame.kind == kind_of(filter) && in_time(filter, frame.recorded_at);
      },
      [&](std::string_view bytes, const Frame& frame, core::Line line) {
        if (!is_match(filter, line)) return;
        matches.outcomes.push_back({std::string(bytes), make_record(frame, std::move(line))});
      }};
  matches.error = ask(stretches, block, question);
  return matches;
}

Result<Stretches> open_for(const std::filesystem::path& dir, const OutcomeFilter& filter) {
  return stretches_of(dir, filter.before_seq, [&](const SegmentEnd& end) {
    return !end.recorded || may_hold(filter, *end.recorded);
  });
}

}  // namespace

Result<void> query(const std::filesystem::path& dir,
                   const OutcomeFilter& filter,
                   const std::function<void(const FoundOutcome&)>& found,
                   const Progress& progress) {
  auto stretches = open_for(dir, filter);
  if (!stretches) return stretches.error();
  auto& blocks = stretches->blocks;
  const bool from_the_end = filter.newest > 0;
  if (from_the_end) std::reverse(blocks.begin(), blocks.end());
  const auto needles = needles_of(filter);
  const auto look = [&](std::size_t index) {
    return look_into(blocks[index], *stretches, filter, needles);
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
    if (progress) progress(done_bytes, stretches->all_bytes);
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
  Stretches stretches;
};

NewestFirst::NewestFirst(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
NewestFirst::~NewestFirst() = default;
NewestFirst::NewestFirst(NewestFirst&&) noexcept = default;
NewestFirst& NewestFirst::operator=(NewestFirst&&) noexcept = default;

Result<NewestFirst> NewestFirst::open(const std::filesystem::path& dir,
                                      const OutcomeFilter& filter) {
  auto stretches = open_for(dir, filter);
  if (!stretches) return stretches.error();
  return NewestFirst(
      std::make_unique<Impl>(Impl{filter, needles_of(filter), std::move(*stretches)}));
}

Result<std::optional<std::vector<FoundOutcome>>> NewestFirst::next() {
  auto& blocks = impl_->stretches.blocks;
  if (blocks.empty()) return std::nullopt;
  Matches matches = look_into(blocks.back(), impl_->stretches, impl_->filter, impl_->needles);
  blocks.pop_back();
  if (matches.error) return *matches.error;
  std::reverse(matches.outcomes.begin(), matches.outcomes.end());
  return std::move(matches.outcomes);
}

}  // namespace smokeledger::exporters::ledger
