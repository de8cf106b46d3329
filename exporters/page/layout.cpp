#include "exporters/page/layout.h"

#include "probes/core/disclaimer.h"

namespace smokeledger::exporters::page {
namespace {

Markup header(const Site& site) {
  const Markup name = element("p",
                              {{"class", "site"}},
                              link(Link::ours("/"), {}, text("smokeledger")) + Markup(" ") +
                                  element("span", {{"class", "where"}}, text(site.environment)));
  const Markup pages = element("nav",
                               {{"aria-label", "Pages"}},
                               link(Link::ours("/"), {}, text("Decisions")) + Markup(" ") +
                                   link(Link::ours("/metrics"), {}, text("Counters")));
  return element("header", name + pages);
}

Markup footer(const Site& site) {
  Markup said = element("p", core::disclaimer);
  said += element("p",
                  text("Every statement on this page is made from lines of the ledger ") +
                      code(site.ledger) + text(" by ") + code(site.build) + text(", at ") +
                      time(site.now) + text(". Whether the lines are what was written is for ") +
                      code("smokeledger ledger verify") + text(" to say."));
  return element("footer", said);
}

}  // namespace

std::string document(const Site& site, std::string_view title, const Markup& main) {
  Markup page(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<link rel=\"stylesheet\" href=\"/page.css\">\n");
  page += element("title", text(title) + text(", smokeledger ") + text(site.environment));
  page += Markup("\n</head>\n<body>\n");
  page += Markup("<a class=\"skip\" href=\"#main\">Skip to the content</a>\n");
  page += header(site) + Markup("\n");
  page += element("main", {{"id", "main"}, {"tabindex", "-1"}}, element("h1", title) + main);
  page += Markup("\n") + footer(site) + Markup("\n</body>\n</html>\n");
  return page.html();
}

Markup table(const Markup& caption,
             const std::vector<Column>& columns,
             const std::vector<std::vector<Markup>>& rows,
             Fixed css) {
  Markup head;
  for (const Column& column : columns) {
    head += element(
        "th",
        {{"scope", "col"}, {"role", "columnheader"}, {"class", std::string(column.css.text())}},
        text(column.title.text()));
  }
  Markup body;
  for (const auto& row : rows) {
    Markup cells;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string of_column(columns[i].css.text());
      const std::string label(columns[i].title.text());
      if (i == 0) {
        cells +=
            element("th", {{"scope", "row"}, {"role", "rowheader"}, {"class", of_column}}, row[i]);
        continue;
      }
      const Attributes attributes{{"role", "cell"}, {"class", of_column}, {"data-label", label}};
      cells += element("td", attributes, row[i].empty() ? row[i] : element("div", row[i]));
    }
    body += element("tr", {{"role", "row"}}, cells) + Markup("\n");
  }
  const Attributes group{{"role", "rowgroup"}};
  return element("table",
                 {{"role", "table"}, {"class", std::string(css.text())}},
                 element("caption", caption) +
                     element("thead", group, element("tr", {{"role", "row"}}, head)) +
                     Markup("\n") + element("tbody", group, body)) +
         Markup("\n");
}

void Facts::add(Fixed name, const Markup& value) {
  if (value.empty()) return;
  items_ += element("div", element("dt", name.text()) + element("dd", value)) + Markup("\n");
}

void Facts::add(Fixed name, std::string_view value) {
  add(name, text(value));
}

void Facts::add_list(Fixed name, const std::vector<std::string>& values) {
  add(name, list_of(values));
}

Markup Facts::list() const {
  return element("dl", items_);
}

Markup code(std::string_view value) {
  return element("code", value);
}

Markup time(core::WallTime at) {
  const std::string utc = core::format_utc(at);
  return element("time", {{"datetime", utc}}, text(utc));
}

Markup list_of(const std::vector<std::string>& values) {
  Markup items;
  for (const std::string& value : values) items += element("li", code(value));
  return items.empty() ? items : element("ul", items);
}

Markup decision(core::Decision value) {
  const std::string name(core::word(value));
  return element("span", {{"class", "decision " + name}}, text(name));
}

Markup check_result(core::CheckResult value) {
  const std::string name(core::word(value));
  return element("span", {{"class", "result " + name}}, text(name));
}

Link line_link(std::string_view ledger_id) {
  return Link::ours("/line/", ledger_id);
}

Markup outside(std::string_view url) {
  const auto to = Link::outside(url);
  return to ? link(*to, {}, text(to->address())) : text(url);
}

std::string relative(core::WallTime at, core::WallTime now) {
  using namespace std::chrono;
  const auto away = at > now ? at - now : now - at;
  if (away < minutes{1}) return "now";
  const auto whole = away < days{1} ? core::Milliseconds(floor<minutes>(away))
                                    : core::Milliseconds(floor<hours>(away));
  const std::string length = core::format_duration(whole);
  return at > now ? "in " + length : length + " ago";
}

std::string iso_day(Day day) {
  return core::format_utc(day).substr(0, 10);
}

}  // namespace smokeledger::exporters::page
