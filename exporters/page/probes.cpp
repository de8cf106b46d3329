#include "exporters/page/probes.h"

#include <algorithm>
#include <tuple>

namespace smokeledger::exporters::page {
namespace {

void add_new(std::vector<std::string>& facts, const std::vector<std::string>& more) {
  for (const std::string& fact : more) {
    if (std::find(facts.begin(), facts.end(), fact) == facts.end()) facts.push_back(fact);
  }
}

ProbeView view_of(const core::ProbePlan& plan,
                  const History& history,
                  const core::ContractReviews& reviews,
                  core::WallTime now) {
  ProbeView view;
  view.name = plan.name;
  view.mode = plan.mode;
  view.owner = plan.owner;
  view.by_hand = core::is_client_drill(plan);
  for (const auto& route : plan.routes) {
    const auto family = route->contract->family;
    const bool known =
        std::find(view.families.begin(), view.families.end(), family) != view.families.end();
    if (!known) view.families.push_back(family);
  }
  if (const auto* past = history.find(plan.name)) {
    view.newest.assign(past->newest.begin(), past->newest.end());
    view.gap = past->gap;
    // An overdue review may have been made since; what is overdue now is told below.
    for (const std::string& fact : past->unresolved) {
      if (!fact.starts_with("contract_review_overdue:")) add_new(view.facts, {fact});
    }
  }
  add_new(view.facts, core::overdue_reviews(plan, reviews, now));
  add_new(view.facts, plan.unresolved);
  return view;
}

bool is_asked_for(const ProbeView& view, const Filter& filter) {
  if (!filter.probe.empty() && view.name != filter.probe) return false;
  const auto& families = view.families;
  if (filter.family &&
      std::find(families.begin(), families.end(), *filter.family) == families.end()) {
    return false;
  }
  return !filter.decision ||
         (!view.newest.empty() && view.newest.front().decision == *filter.decision);
}

// The lower, the sooner a person should look.
int order_of(const ProbeView& view) {
  if (view.newest.empty()) return 2;
  switch (view.newest.front().check_result) {
    case core::CheckResult::fail:
      return 0;
    case core::CheckResult::investigate:
      return 1;
    case core::CheckResult::pass:
      return 3;
  }
  return 0;
}

}  // namespace

std::vector<ProbeView> probe_views(const Plans& plans,
                                   const Filter& filter,
                                   const History& history,
                                   const std::map<std::string, core::WallTime>& due,
                                   const core::ContractReviews& reviews,
                                   core::WallTime now) {
  std::vector<ProbeView> views;
  for (const auto& plan : plans) {
    ProbeView view = view_of(*plan, history, reviews, now);
    if (!is_asked_for(view, filter)) continue;
    if (const auto at = due.find(view.name); at != due.end()) view.next_due = at->second;
    views.push_back(std::move(view));
  }
  std::sort(views.begin(), views.end(), [](const ProbeView& a, const ProbeView& b) {
    return std::tuple(order_of(a), std::string_view(a.name)) <
           std::tuple(order_of(b), std::string_view(b.name));
  });
  return views;
}

std::vector<ContractView> contract_views(const Plans& plans,
                                         const core::ContractReviews& reviews,
                                         core::WallTime now) {
  std::map<core::EndpointFamily, ContractView> views;
  for (const auto& plan : plans) {
    for (const auto& route : plan->routes) {
      const core::Contract& contract = *route->contract;
      ContractView& view = views[contract.family];
      view.family = contract.family;
      view.version = contract.version;
      view.accessed = contract.accessed;
      view.opened = core::review_date(contract, reviews);
      view.age_days = core::review_age_days(view.opened, now);
      view.overdue |= core::is_overdue(view.opened, now, plan->contract_review.max_age);
      view.docs_home = contract.docs_home;
      view.support = contract.support;
    }
  }
  std::vector<ContractView> all;
  for (auto& [family, view] : views) all.push_back(std::move(view));
  return all;
}

}  // namespace smokeledger::exporters::page
