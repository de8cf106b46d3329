#include "tests/architecture/shape.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::tests::architecture {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(FileSize, MayBe400LinesAndNotOneMore) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "x\n";
  EXPECT_THAT(long_files({{"a.cpp", text}}), IsEmpty());
  EXPECT_THAT(long_files({{"a.cpp", text + "x\n"}}), ElementsAre("a.cpp: 401 lines; split it"));
}

TEST(FileSize, HoldsInTheTree) {
  ASSERT_GT(everything().size(), product().size());
  EXPECT_THAT(long_files(everything()), IsEmpty());
}

TEST(Names, SaySomething) {
  EXPECT_THAT(empty_names({"probes/core/time.cpp", "daemon/commands", "probes/commonplace.h"}),
              IsEmpty());
  EXPECT_THAT(empty_names({"probes/util", "daemon/helpers.h", "etc/misc/a"}),
              ElementsAre("probes/util: a name that says nothing",
                          "daemon/helpers.h: a name that says nothing"));
}

TEST(Names, SaySomethingInTheTree) {
  EXPECT_THAT(empty_names(paths()), IsEmpty());
}

std::vector<std::string> agreed() {
  return {"CHANGELOG.md",
          "CMakeLists.txt",
          "CMakePresets.json",
          "CONTRIBUTING.md",
          "LICENSE",
          "README.md",
          "daemon",
          "docs",
          "etc",
          "exporters",
          "probes",
          "systemd",
          "tests"};
}

TEST(TopLevel, HoldsWhatWasAgreedDotfilesAndBuilds) {
  auto names = agreed();
  EXPECT_THAT(top_level_breaches(names), IsEmpty());
  names.insert(names.end(), {".gitignore", ".ci", "build", "build-clang"});
  EXPECT_THAT(top_level_breaches(names), IsEmpty());
}

TEST(TopLevel, HoldsNothingElseAndMissesNothing) {
  auto names = agreed();
  names.emplace_back("src");
  names.erase(std::find(names.begin(), names.end(), "docs"));
  EXPECT_THAT(top_level_breaches(names),
              ElementsAre("src: does not belong to the top level", "docs: is missing"));
}

TEST(TopLevel, OfTheTreeIsTheAgreedOne) {
  EXPECT_THAT(top_level_breaches(top_level()), IsEmpty());
}

}  // namespace
}  // namespace smokeledger::tests::architecture
