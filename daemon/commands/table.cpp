#include "daemon/commands/table.h"

#include <algorithm>

namespace smokeledger::daemon::commands {
namespace {

std::string printable(const std::string& cell) {
  std::string text = cell;
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  return text;
}

}  // namespace

std::string table_row(const Row& cells, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::string cell = printable(cells[i]);
    const bool last = i + 1 == cells.size();
    if (!last && i < widths.size() && cell.size() < widths[i]) cell.resize(widths[i], ' ');
    line += cell;
    if (!last) line += "  ";
  }
  line.erase(line.find_last_not_of(' ') + 1);
  line += '\n';
  return line;
}

std::string table(const Row& header, const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  widths.reserve(header.size());
  for (const auto& cell : header) widths.push_back(cell.size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text = table_row(header, widths);
  for (const auto& row : rows) text += table_row(row, widths);
  return text;
}

}  // namespace smokeledger::daemon::commands
