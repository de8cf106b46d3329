#include "daemon/commands/table.h"

#include <gtest/gtest.h>

namespace smokeledger::daemon::commands {
namespace {

TEST(Table, AlignsColumnsWithoutTrailingBlanks) {
  EXPECT_EQ(table({"probe", "n", "rule"}, {{"a", "1", "x"}, {"longer-name", "12", ""}}),
            "probe        n   rule\n"
            "a            1   x\n"
            "longer-name  12\n");
}

TEST(Table, OfNoRowsIsItsHeader) {
  EXPECT_EQ(table({"probe", "rule"}, {}), "probe  rule\n");
}

TEST(Table, ReplacesControlCharactersSoThatNoCellMovesTheCursor) {
  EXPECT_EQ(table({"a"}, {{"x\ny\x1B[2J\x7F"}}), "a\nx?y?[2J?\n");
}

TEST(TableRow, PadsToTheWidthsGivenAndLetsLongCellsGrow) {
  EXPECT_EQ(table_row({"a", "b", "c"}, {3, 2, 9}), "a    b   c\n");
  EXPECT_EQ(table_row({"much-longer", "b"}, {3, 2}), "much-longer  b\n");
  EXPECT_EQ(table_row({"a", "b"}, {}), "a  b\n");
}

}  // namespace
}  // namespace smokeledger::daemon::commands
