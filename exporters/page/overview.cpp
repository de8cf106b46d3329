#include <algorithm>

#include "exporters/page/compose.h"
#include "exporters/page/days.h"
#include "exporters/page/form.h"
#include "exporters/page/layout.h"

namespace smokeledger::exporters::page {
namespace {

Link filtered(const Filter& filter) {
  return Link::ours("/", parameters(filter));
}

Markup section(Fixed id, std::string_view title, const Markup& inside) {
  const std::string name(id.text());
  return element("section",
                 {{"aria-labelledby", name}},
                 element("h2", {{"id", name}}, text(title)) + inside) +
         Markup("\n");
}

Link line_of(const Site& site, const PastDecision& past) {
  return line_link(site.ledger + '-' + std::to_string(past.seq));
}

Markup strip(const ProbeView& probe, const Site& site) {
  Markup items;
  for (std::size_t i = 1; i < probe.newest.size(); ++i) {
    const PastDecision& past = probe.newest[i];
    const std::string word(core::word(past.decision));
    const std::string says = word + ", " + std::string(core::word(past.check_result)) + ", " +
                             relative(past.recorded_at, site.now);
    const std::string letter(1, static_cast<char>(word.front() - 'a' + 'A'));
    const Attributes attributes{{"class", "letter " + word}, {"title", says}};
    const Markup shown = text(letter) + element("span", {{"class", "unseen"}}, text(": " + says));
    // A link where there is something to look at: the others would only be in the keyboard's way.
    const bool pass = past.check_result == core::CheckResult::pass;
    items += element(
        "li",
        pass ? element("span", attributes, shown) : link(line_of(site, past), attributes, shown));
  }
  return items.empty() ? items : element("ol", {{"class", "strip"}}, items);
}

Markup newest(const ProbeView& probe, const Site& site) {
  if (probe.newest.empty()) return text("no outcome in these days");
  const PastDecision& past = probe.newest.front();
  return link(line_of(site, past), {}, decision(past.decision)) + Markup(" ") +
         check_result(past.check_result) + Markup(" ") +
         element("span", {{"class", "when"}}, text(relative(past.recorded_at, site.now)));
}

Markup due(const ProbeView& probe, core::WallTime now) {
  if (probe.by_hand) return text("run by hand");
  if (!probe.next_due) return text("unknown");
  return time(*probe.next_due) + Markup(" ") +
         element("span", {{"class", "when"}}, text(relative(*probe.next_due, now)));
}

std::string age(const ContractView& contract) {
  if (contract.age_days < 0) return "in the future";
  if (contract.age_days == 0) return "today";
  return std::to_string(contract.age_days) + " d ago";
}

Markup contracts_of(const ProbeView& probe, const std::vector<ContractView>& contracts) {
  Markup items;
  for (const auto family : probe.families) {
    const auto found = std::find_if(contracts.begin(), contracts.end(), [&](const auto& contract) {
      return contract.family == family;
    });
    if (found == contracts.end()) continue;
    // Without the digits of the file's hash; the table of contracts has them.
    const std::string version = found->version.substr(0, found->version.find('+'));
    items += element("li",
                     link(Link::anchor("contract", core::word(family)), {}, text(version)) +
                         text(", " + age(*found)));
  }
  return items.empty() ? items : element("ul", items);
}

Markup gaps(const ProbeView& probe) {
  Markup all;
  if (probe.gap != core::Gap::none) all += element("li", code(core::word(probe.gap)));
  for (const std::string& fact : probe.facts) all += element("li", code(fact));
  return all.empty() ? text("none known") : element("ul", all);
}

Markup probes(const Overview& overview) {
  std::vector<std::vector<Markup>> rows;
  for (const ProbeView& probe : overview.probes) {
    Filter of_it;
    of_it.probe = probe.name;
    rows.push_back({link(filtered(of_it), {}, text(probe.name)) + Markup(" ") +
                        element("span",
                                {{"class", "aside"}},
                                text(std::string(core::word(probe.mode)) + ", " + probe.owner)),
                    newest(probe, overview.site),
                    strip(probe, overview.site),
                    due(probe, overview.site.now),
                    contracts_of(probe, overview.contracts),
                    gaps(probe)});
  }
  if (rows.empty()) return element("p", "No configured probe is as the filter asks.");
  Markup caption = text(
      "Those first whose newest check_result is not pass. Letters, the newest first, begin the "
      "word of a decision: keep_primary, retry_primary, use_fallback, escalate, paused.");
  Markup shown = table(caption,
                       {{"Probe"},
                        {"Newest decision", "short"},
                        {"Before it"},
                        {"Next due"},
                        {"Contracts, last opened"},
                        {"Evidence gaps", "long"}},
                       rows);
  if (overview.probes_left_out > 0) {
    shown += element("p",
                     std::to_string(overview.probes_left_out) +
                         " more probes are not shown; choose one in the filter.");
  }
  return shown;
}

Markup reviewed(const std::string& by) {
  return Markup(" ") + element("span", {{"class", "when"}}, text("reviewed " + by));
}

Markup outcomes_table(const std::vector<OutcomeRow>& outcomes, core::WallTime now) {
  std::vector<std::vector<Markup>> rows;
  for (const OutcomeRow& row : outcomes) {
    const std::string answer =
        std::string(core::word(row.status_class)) +
        (row.reason == core::Reason::none ? "" : " " + std::string(core::word(row.reason)));
    rows.push_back({link(line_link(row.ledger_id), {}, time(row.recorded_at)) + Markup(" ") +
                        element("span", {{"class", "when"}}, text(relative(row.recorded_at, now))),
                    text(row.probe),
                    text(std::string(core::word(row.family)) + ", " + row.provider),
                    decision(row.decision) + Markup(" ") + check_result(row.check_result) +
                        (row.review.empty() ? Markup() : reviewed(row.review)),
                    text(answer),
                    text(std::to_string(row.retry_count)),
                    text(row.fallback_route),
                    code(row.rule)});
  }
  return table(text("The newest first; each leads to its line."),
               {{"Recorded", "short"},
                {"Probe"},
                {"Family, provider"},
                {"Decision, check_result", "short"},
                {"Last answer"},
                {"retry_count", "number"},
                {"fallback_route", "named"},
                {"Rule"}},
               rows,
               "terse");
}

Markup outcomes(const Overview& overview) {
  Markup all;
  if (!overview.outcomes.empty()) all += outcomes_table(overview.outcomes, overview.site.now);
  if (overview.out_of_time) {
    all +=
        element("p",
                {{"class", "notice"}},
                text("The search ended before all of the ledger was looked at. Choose a window of "
                     "time, or ask ") +
                    code("smokeledger ledger query") + text("."));
  } else if (overview.outcomes.empty()) {
    all += element("p", "No outcome is as the filter asks.");
  }
  if (overview.more && !overview.outcomes.empty()) {
    Filter older = overview.filter;
    older.before_seq = overview.outcomes.back().seq;
    all += element("p", link(filtered(older), {}, text("Older outcomes")));
  }
  return all;
}

Markup waiting(std::string_view caption, const std::vector<Waiting>& lines, core::WallTime now) {
  std::vector<std::vector<Markup>> rows;
  for (const Waiting& line : lines) {
    rows.push_back(
        {link(line_link(line.ledger_id), {}, text(line.ledger_id)),
         line.since ? time(*line.since) + text(" " + relative(*line.since, now)) : text("several"),
         text(line.about),
         text(line.what),
         text(line.owner)});
  }
  return table(text(caption), {{"Line"}, {"Since"}, {"About"}, {"What"}, {"Owner"}}, rows);
}

Markup more(std::uint64_t count, const std::string& what) {
  return count == 0 ? Markup() : element("p", std::to_string(count) + what);
}

Markup needs_review(const Overview& overview) {
  Markup shown = waiting(
      "The oldest first. The command smokeledger review takes a line, or the first "
      "and the last line of a range.",
      overview.needs_review,
      overview.site.now);
  return shown + more(overview.needs_review_more, " more wait.");
}

Markup contracts(const Overview& overview) {
  std::vector<std::vector<Markup>> rows;
  for (const ContractView& contract : overview.contracts) {
    const std::string family(core::word(contract.family));
    rows.push_back({element("span", {{"id", anchor_id("contract", family)}}, text(family)),
                    code(contract.version),
                    text(contract.accessed),
                    text(age(contract) + (contract.overdue ? ", overdue" : "")),
                    outside(contract.docs_home),
                    outside(contract.support)});
  }
  return table(text("In force now. Opened: the day on which a person last looked at the "
                    "documentation behind it."),
               {{"Family"},
                {"Version", "long"},
                {"States the documentation of"},
                {"Opened"},
                {"Documentation", "long"},
                {"Support", "long"}},
               rows);
}

Markup counted(const Overview& overview) {
  if (!overview.counted_from) return {};
  Markup said = text("Outcomes recorded before ") + time(*overview.counted_from);
  said += overview.not_counted.empty()
              ? text(" are not counted yet: the ledger is still being read.")
              : text(" are not counted: " + overview.not_counted);
  return element("p", {{"class", "notice"}}, said);
}

}  // namespace

std::string compose(const Overview& overview) {
  Markup main = filter_form(overview) + counted(overview);
  if (!overview.needs_review.empty()) {
    main += section("needs-review", "Lines that need a review", needs_review(overview));
  }
  if (!overview.open_packets.empty()) {
    main += section("open-packets",
                    "Open packets",
                    waiting("The oldest first. The command smokeledger packet show prints one.",
                            overview.open_packets,
                            overview.site.now) +
                        more(overview.open_packets_more, " more are open."));
  }
  main += section("probes", "Probes", probes(overview));
  main += section("outcomes", "Outcomes", outcomes(overview));
  if (!overview.days.empty()) main += section("days", "Per day", days_table(overview));
  if (!overview.contracts.empty()) main += section("contracts", "Contracts", contracts(overview));
  return document(overview.site, "Decisions", main);
}

}  // namespace smokeledger::exporters::page
