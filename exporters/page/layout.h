// What the pages have in common: the document around them, tables and how single values are shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exporters/page/markup.h"
#include "exporters/page/view.h"

namespace smokeledger::exporters::page {

// A whole page: landmarks, the way past them, one h1 and, at the end, what is not asserted.
std::string document(const Site&, std::string_view title, const Markup& main);

struct Column {
  Fixed title;
  Fixed css = "";
};
// The first cell of each row is its header. The roles are said although they are those of the
// elements: a narrow page shows rows as blocks, and browsers forget them then.
// `terse`: where the page is narrow, values that speak for themselves stand without their names.
Markup table(const Markup& caption,
             const std::vector<Column>&,
             const std::vector<std::vector<Markup>>& rows,
             Fixed css = "");

// A list of names as in the ledger, and what they say; empty values are left out.
class Facts {
 public:
  void add(Fixed name, const Markup& value);
  void add(Fixed name, std::string_view value);
  void add_list(Fixed name, const std::vector<std::string>& values);
  Markup list() const;

 private:
  Markup items_;
};

Markup code(std::string_view);
Markup time(core::WallTime);
Markup list_of(const std::vector<std::string>&);
Markup decision(core::Decision);
Markup check_result(core::CheckResult);
Link line_link(std::string_view ledger_id);
// As a link, or as text where it cannot be one.
Markup outside(std::string_view url);

// `3h12m ago`, `in 5m`, `now`: whole minutes; days and hours only, beyond a day.
std::string relative(core::WallTime, core::WallTime now);
std::string iso_day(Day);  // 2026-11-21

}  // namespace smokeledger::exporters::page
