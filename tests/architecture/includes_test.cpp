#include "tests/architecture/includes.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::tests::architecture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Breaches arrows_of(const std::string& path, const std::string& include) {
  return forbidden_includes({{path, "#pragma once\n#include \"" + include + "\"\n"}});
}

struct ArrowCase {
  const char* file;
  const char* include;
  bool allowed;
};

TEST(Arrows, AreKnownBothWays) {
  for (const ArrowCase& row :
       std::vector<ArrowCase>{{"probes/core/a.cpp", "probes/core/b.h", true},
                              {"probes/core/a.cpp", "probes/families/b.h", false},
                              {"probes/core/a.cpp", "probes/run/seams.h", false},
                              {"probes/core/a.cpp", "exporters/ledger/record.h", false},
                              {"probes/families/a.cpp", "probes/core/b.h", true},
                              {"probes/families/a.cpp", "probes/run/b.h", false},
                              {"probes/run/a.cpp", "probes/families/b.h", true},
                              {"probes/run/a.cpp", "probes/transport/b.h", false},
                              {"probes/transport/a.cpp", "probes/run/seams.h", true},
                              {"probes/transport/a.cpp", "probes/families/b.h", false},
                              {"probes/transport/a.cpp", "probes/stub/b.h", false},
                              {"probes/stub/a.cpp", "probes/core/b.h", true},
                              {"probes/stub/a.cpp", "probes/run/b.h", false},
                              {"exporters/ledger/a.cpp", "probes/core/b.h", true},
                              {"exporters/ledger/a.cpp", "exporters/metrics/b.h", false},
                              {"exporters/metrics/a.cpp", "exporters/ledger/b.h", true},
                              {"exporters/metrics/a.cpp", "exporters/web/b.h", false},
                              {"exporters/web/a.cpp", "exporters/metrics/b.h", false},
                              {"exporters/web/a.cpp", "daemon/service.h", false},
                              {"daemon/a.cpp", "exporters/web/b.h", true},
                              {"daemon/commands/a.cpp", "probes/stub/b.h", true},
                              {"daemon/config/a.cpp", "daemon/commands/b.h", true},
                              {"daemon/a.cpp", "tests/support/plans.h", false},
                              {"probes/core/a.cpp", "string", true}}) {
    EXPECT_EQ(arrows_of(row.file, row.include).empty(), row.allowed)
        << row.file << " -> " << row.include;
  }
}

TEST(Arrows, NameTheFileTheLineAndBothFolders) {
  EXPECT_THAT(arrows_of("probes/core/a.cpp", "daemon/service.h"),
              ElementsAre("probes/core/a.cpp:2: probes/core must not include daemon/service.h"));
}

TEST(Arrows, WantARowForEveryFolder) {
  EXPECT_THAT(arrows_of("exporters/unlisted/a.cpp", "probes/core/b.h"),
              ElementsAre(HasSubstr("no row")));
  EXPECT_THAT(arrows_of("probes/core_extra/a.cpp", "probes/core/b.h"),
              ElementsAre(HasSubstr("no row")));
}

TEST(Arrows, HoldInTheTree) {
  ASSERT_GT(product().size(), 20U);
  EXPECT_THAT(forbidden_includes(product()), IsEmpty());
}

Breaches libraries_of(const std::string& path, const std::string& include) {
  return misplaced_libraries({{path, "#include <" + include + ">\n"}});
}

TEST(LibraryPlaces, AreTheOnlyOnesThatMayInclude) {
  EXPECT_THAT(libraries_of("probes/transport/a.cpp", "curl/curl.h"), IsEmpty());
  EXPECT_THAT(libraries_of("daemon/main.cpp", "curl/curl.h"),
              ElementsAre("daemon/main.cpp:1: curl/curl.h has its place elsewhere"));
  EXPECT_THAT(libraries_of("daemon/commands/a.cpp", "simdjson.h"), IsEmpty());
  EXPECT_THAT(libraries_of("daemon/service.cpp", "simdjson.h"), testing::SizeIs(1));
  EXPECT_THAT(libraries_of("probes/stub/a.cpp", "boost/beast/http.hpp"), testing::SizeIs(1));
  EXPECT_THAT(libraries_of("probes/stub/a.cpp", "boost/asio.hpp"), IsEmpty());
  EXPECT_THAT(libraries_of("exporters/web/a.cpp", "prometheus/registry.h"), testing::SizeIs(1));
  EXPECT_THAT(libraries_of("daemon/a.cpp", "toml++/toml.h"), testing::SizeIs(1));
  EXPECT_THAT(libraries_of("exporters/ledger/a.cpp", "spdlog/spdlog.h"), testing::SizeIs(1));
}

TEST(LibraryPlaces, HoldInTheTree) {
  EXPECT_THAT(misplaced_libraries(product()), IsEmpty());
}

// Its header makes other classes without what its target defines, and nobody would notice before
// the program runs.
TEST(LibraryPlaces, OfSimdjsonAreLinkedWithIt) {
  const auto row = std::find_if(library_places().begin(),
                                library_places().end(),
                                [](const LibraryPlace& of) { return of.header == "simdjson"; });
  ASSERT_NE(row, library_places().end());
  for (const std::string_view place : row->folders) {
    const std::string folder(place.ends_with(".cpp") ? place.substr(0, place.rfind('/')) : place);
    std::ifstream in(SMOKELEDGER_SOURCE_DIR "/" + folder + "/CMakeLists.txt");
    const std::string text(std::istreambuf_iterator<char>(in), {});
    EXPECT_THAT(text, HasSubstr("simdjson::simdjson")) << folder;
  }
}

}  // namespace
}  // namespace smokeledger::tests::architecture
