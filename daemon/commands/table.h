// Aligned columns for a terminal.
#pragma once

#include <string>
#include <vector>

namespace smokeledger::daemon::commands {

using Row = std::vector<std::string>;

// Header first, two spaces between columns, no trailing blanks, one newline a row. Control
// characters in cells are replaced by `?`.
std::string table(const Row& header, const std::vector<Row>& rows);

// One row padded to the widths given (the last cell is not padded): for tables that grow while
// they are watched.
std::string table_row(const Row& cells, const std::vector<std::size_t>& widths);

}  // namespace smokeledger::daemon::commands
