// Who may include whom: the three arrows of the product, and the one place of each library.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tests/architecture/tree.h"

namespace smokeledger::tests::architecture {

// daemon -> exporters -> probes and daemon -> probes; within exporters only `ledger` is for all.
struct Arrow {
  std::string_view from;
  std::vector<std::string_view> to;  // beside itself; a folder stands for those below it
};
std::span<const Arrow> arrows();

// Breaches of the arrows, and folders that have no row in the table.
Breaches forbidden_includes(const std::vector<SourceFile>&);

struct LibraryPlace {
  std::string_view header;                // how its includes begin
  std::vector<std::string_view> folders;  // or single files
};
std::span<const LibraryPlace> library_places();

Breaches misplaced_libraries(const std::vector<SourceFile>&);

}  // namespace smokeledger::tests::architecture
