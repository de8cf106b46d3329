// A table of unknown length in constant memory.
#pragma once

#include <ostream>
#include <vector>

#include "daemon/commands/table.h"

namespace smokeledger::daemon::commands {

// The first rows fix the widths of the columns. finish() comes last; without rows it writes the
// header.
class GrowingTable {
 public:
  GrowingTable(std::ostream& out, Row header) : out_(out), header_(std::move(header)) {}

  void add(Row row);
  void finish();
  bool empty() const { return first_.empty(); }

 private:
  static constexpr std::size_t rows_for_widths = 200;

  void begin();

  std::ostream& out_;
  Row header_;
  std::vector<Row> first_;
  std::vector<std::size_t> widths_;
};

}  // namespace smokeledger::daemon::commands
