#include "daemon/commands/growing_table.h"

#include <algorithm>

namespace smokeledger::daemon::commands {

void GrowingTable::add(Row row) {
  if (widths_.empty()) {
    first_.push_back(std::move(row));
    if (first_.size() == rows_for_widths) begin();
  } else {
    out_ << table_row(row, widths_);
  }
}

void GrowingTable::finish() {
  if (widths_.empty()) begin();
}

void GrowingTable::begin() {
  out_ << table(header_, first_);
  for (const auto& name : header_) widths_.push_back(name.size());
  for (const auto& row : first_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths_[i] = std::max(widths_[i], row[i].size());
  }
}

}  // namespace smokeledger::daemon::commands
