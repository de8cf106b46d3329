#include "exporters/page/pages.h"

#include <algorithm>
#include <utility>

#include "exporters/page/compose.h"
#include "exporters/page/open_packets.h"
#include "exporters/page/probes.h"

namespace smokeledger::exporters::page {
namespace {

PastDecision past_of(const ledger::LedgerRecord& record, const core::Outcome& outcome) {
  return {record.seq(), record.recorded_at(), outcome.decision, outcome.check_result};
}

OutcomeRow row_of(const ledger::FoundOutcome& found, const Reviewed& reviewed) {
  const core::Outcome& outcome = found.outcome();
  return {found.record.ledger_id(),
          found.record.seq(),
          found.record.recorded_at(),
          outcome.probe,
          outcome.family,
          outcome.provider,
          outcome.decision,
          outcome.check_result,
          outcome.status_class,
          outcome.reason,
          outcome.retry_count,
          outcome.fallback_route,
          outcome.rule,
          reviewed.shown(found.record.seq())};
}

ledger::OutcomeFilter asked_of_ledger(const Filter& filter) {
  ledger::OutcomeFilter asked;
  asked.probe = filter.probe;
  asked.family = filter.family;
  asked.decision = filter.decision;
  if (filter.from) asked.from = filter.from->at;
  if (filter.to) asked.to = filter.to->at;
  asked.before_seq = filter.before_seq;
  return asked;
}

// As people and filters write them: a name, and a number behind the last dash.
bool is_ledger_id(std::string_view text) {
  constexpr std::size_t longest = 128;
  constexpr std::string_view digits = "0123456789";
  const auto dash = text.rfind('-');
  if (dash == std::string_view::npos || dash == 0 || text.size() > longest) return false;
  const std::string_view number = text.substr(dash + 1);
  return !number.empty() && number.find_first_not_of(digits) == std::string_view::npos &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 64;
  const bool whole = text.size() <= longest;
  return '\'' + std::string(text.substr(0, longest)) + (whole ? "'" : "...'");
}

}  // namespace

Pages::Pages(Setup setup)
    : setup_(std::move(setup)),
      newest_seq_(setup_.newest_seq),
      reviewed_(std::move(setup_.waiting)),
      packets_(std::move(setup_.packets)) {}

void Pages::use(Configured configured) {
  configured_ = std::move(configured);
}

void Pages::set_next_due(const std::string& probe, std::optional<core::WallTime> due) {
  if (due) {
    due_[probe] = *due;
  } else {
    due_.erase(probe);
  }
}

void Pages::observe(const ledger::LedgerRecord& record) {
  newest_seq_ = record.seq();
  reviewed_.observe(record);
  if (const auto* line = std::get_if<core::OutcomeLine>(&record.line())) {
    history_.add_newer(past_of(record, line->outcome), line->outcome);
  } else if (std::holds_alternative<core::PacketLine>(record.line())) {
    core::fold(packets_, record.line(), record.seq(), record.recorded_at());
  } else if (const auto* review = std::get_if<core::ContractReviewLine>(&record.line())) {
    configured_.reviews.insert_or_assign(review->review.family, review->review);
  }
}

bool Pages::read_back(core::WallTime now) {
  if (read_back_) return false;
  const auto give_up = [this](const ledger::LedgerError& error) {
    past_.reset();
    read_back_ = true;
    not_counted_ = error.message;
    return false;
  };
  if (!counted_from_) counted_from_ = now;
  if (!reviewed_.known()) {
    const auto more = reviewed_.read_back(setup_.dir);
    if (!more) return give_up(more.error());
    return true;
  }
  if (!past_) {
    ledger::OutcomeFilter asked;
    asked.from = std::chrono::floor<std::chrono::days>(now) - std::chrono::days(days_kept - 1);
    asked.before_seq = setup_.newest_seq + 1;
    auto past = ledger::NewestFirst::open(setup_.dir, asked);
    if (!past) return give_up(past.error());
    past_ = std::move(*past);
  }
  auto found = past_->next();
  if (!found) return give_up(found.error());
  if (!*found) {
    past_.reset();
    read_back_ = true;
    counted_from_.reset();
    return false;
  }
  for (const auto& outcome : **found) {
    history_.add_older(past_of(outcome.record, outcome.outcome()), outcome.outcome());
    counted_from_ = std::min(*counted_from_, outcome.record.recorded_at());
  }
  return true;
}

Site Pages::site(core::WallTime now) const {
  return {configured_.environment, setup_.ledger, setup_.build, now};
}

Pages::Answer Pages::refuse(core::WallTime now,
                            int status,
                            std::string title,
                            std::string sentence) const {
  return {status, compose(Refusal{site(now), status, std::move(title), std::move(sentence)})};
}

Pages::Answer Pages::refuse(core::WallTime now, const ledger::LedgerError& error) const {
  return refuse(now, 503, "The ledger cannot be read", error.message);
}

std::optional<ledger::LedgerError> Pages::find_outcomes(Overview& overview,
                                                        const Asked& asked) const {
  auto past = ledger::NewestFirst::open(setup_.dir, asked_of_ledger(overview.filter));
  if (!past) return past.error();
  while (true) {
    auto found = past->next();
    if (!found) return found.error();
    if (!*found) return std::nullopt;
    for (const auto& outcome : **found) {
      overview.more = overview.outcomes.size() == outcomes_shown;
      if (overview.more) return std::nullopt;
      overview.outcomes.push_back(row_of(outcome, reviewed_));
    }
    if (asked.out_of_time()) {
      overview.out_of_time = overview.more = true;
      return std::nullopt;
    }
  }
}

Pages::Answer Pages::overview(const Asked& asked) const {
  const core::WallTime now = asked.now;
  const auto filter = read_filter(asked.what, now);
  if (!filter) {
    const BadParameter& bad = filter.error();
    return refuse(
        now,
        400,
        "This filter cannot be used",
        in_quotes(bad.name) + " is " + in_quotes(bad.value) + "; write " + bad.wanted + ".");
  }
  Overview view;
  view.site = site(now);
  view.filter = *filter;
  for (const auto& plan : configured_.plans) view.every_probe.push_back(plan->name);
  if (!filter->probe.empty()) view.every_probe.push_back(filter->probe);  // perhaps not configured
  std::sort(view.every_probe.begin(), view.every_probe.end());
  view.every_probe.erase(std::unique(view.every_probe.begin(), view.every_probe.end()),
                         view.every_probe.end());
  view.probes = probe_views(configured_.plans, *filter, history_, due_, configured_.reviews, now);
  if (view.probes.size() > probes_shown) {
    view.probes_left_out = view.probes.size() - probes_shown;
    view.probes.resize(probes_shown);
  }
  std::map<std::string, std::string> owner_of;
  for (const auto& plan : configured_.plans) owner_of.emplace(plan->name, plan->owner);
  show_waiting(view, reviewed_.queue(), owner_of);
  show_packets(view, packets_, owner_of);
  view.contracts = contract_views(configured_.plans, configured_.reviews, now);
  view.days = history_.days({filter->probe, filter->family, filter->decision},
                            std::chrono::floor<std::chrono::days>(now));
  if (!read_back_ || !not_counted_.empty()) view.counted_from = counted_from_.value_or(now);
  view.not_counted = not_counted_;
  if (const auto error = find_outcomes(view, asked)) return refuse(now, *error);
  return {200, compose(view)};
}

Pages::Answer Pages::line(const Asked& asked) const {
  if (!is_ledger_id(asked.what)) {
    return refuse(asked.now,
                  400,
                  "This is no ledger id",
                  "ledger_id is " + in_quotes(asked.what) +
                      "; write the name of the ledger, a dash " +
                      "and the number of a line, such as " + setup_.ledger + "-1.");
  }
  auto found = ledger::find_line(setup_.dir, asked.what);
  if (!found) return refuse(asked.now, found.error());
  if (!*found) {
    return refuse(asked.now,
                  404,
                  "There is no such line",
                  "No line of this ledger has the id " + std::string(asked.what) +
                      ": it is not written yet, or its segment was deleted by retention.");
  }
  const ledger::LedgerRecord& record = (*found)->record;
  return {200,
          compose(LineView{site(asked.now),
                           record.ledger_id(),
                           (*found)->kind,
                           record.seq(),
                           record.recorded_at(),
                           ledger::hex(record.prev()),
                           ledger::hex(record.hash()),
                           (*found)->segment,
                           (*found)->bytes,
                           record.seq() >= newest_seq_,
                           record.line(),
                           reviewed_.of(record.seq(), setup_.ledger),
                           reviewed_.known()})};
}

}  // namespace smokeledger::exporters::page
