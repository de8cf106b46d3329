#include "exporters/page/form.h"

#include "exporters/page/layout.h"

namespace smokeledger::exporters::page {
namespace {

Markup choice(std::string_view value, bool chosen) {
  Attributes attributes{{"value", std::string(value)}};
  if (chosen) attributes.push_back({"selected", "selected"});
  return element("option", attributes, text(value.empty() ? "any" : value));
}

Markup field(Fixed name, std::string_view label, const Markup& control) {
  return element(
      "p",
      element("label", {{"for", "filter-" + std::string(name.text())}}, text(label)) + control);
}

Markup select(Fixed name, const std::vector<std::string>& values, std::string_view chosen) {
  Markup options = choice("", chosen.empty());
  for (const std::string& value : values) options += choice(value, value == chosen);
  const std::string of(name.text());
  return element("select", {{"id", "filter-" + of}, {"name", of}}, options);
}

Markup typed(Fixed name, const std::string& value, Attributes more = {}) {
  const std::string of(name.text());
  Attributes attributes{{"id", "filter-" + of},
                        {"name", of},
                        {"value", value},
                        {"autocomplete", "off"},
                        {"spellcheck", "false"},
                        {"size", "20"}};
  attributes.insert(attributes.end(), more.begin(), more.end());
  return lone("input", attributes);
}

Markup moment(Fixed name, const std::optional<Moment>& moment) {
  return typed(name, moment ? moment->text : "", {{"aria-describedby", "moments"}});
}

// A list for people to choose from, while it is one.
Markup probe_field(const Overview& overview) {
  constexpr std::size_t longest_list = 500;
  if (overview.every_probe.size() > longest_list) return typed("probe", overview.filter.probe);
  return select("probe", overview.every_probe, overview.filter.probe);
}

template <core::Worded E>
Markup select_word(Fixed name, const std::optional<E>& chosen) {
  const std::vector<std::string> words(core::Words<E>::list.begin(), core::Words<E>::list.end());
  return select(name, words, chosen ? core::word(*chosen) : std::string_view());
}

}  // namespace

Markup filter_form(const Overview& overview) {
  const Filter& filter = overview.filter;
  Markup fields = field("family", "Family", select_word("family", filter.family));
  fields += field("probe", "Probe", probe_field(overview));
  fields += field("decision", "Decision", select_word("decision", filter.decision));
  fields += field("from", "From", moment("from", filter.from));
  fields += field("to", "Before", moment("to", filter.to));
  fields += element("p",
                    {{"class", "go"}},
                    element("button", {{"type", "submit"}}, text("Show")) + Markup(" ") +
                        link(Link::ours("/"), {}, text("Show all")));
  fields += element("p",
                    {{"id", "moments"}, {"class", "hint"}},
                    text("Times are UTC like ") + code("2026-11-21T08:00:00Z") +
                        text(", or back from now like ") + code("-24h") + text("."));
  return element("form", {{"method", "get"}, {"role", "search"}, {"aria-label", "Filter"}}, fields);
}

}  // namespace smokeledger::exporters::page
