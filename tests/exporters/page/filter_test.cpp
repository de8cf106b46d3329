#include "exporters/page/filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/ledger_fixtures.h"

namespace smokeledger::exporters::page {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

core::WallTime now() {
  return tests::at("2026-11-21T12:00:00Z");
}

TEST(Filter, OfNothingAsksForEverything) {
  for (const char* query : {"", "&", "family=&probe=&decision=&from=&to=", "probe"}) {
    const auto filter = read_filter(query, now());
    ASSERT_TRUE(filter) << query;
    EXPECT_THAT(parameters(*filter), IsEmpty()) << query;
  }
}

TEST(Filter, ReadsWhatAFormSends) {
  const auto filter = read_filter(
      "family=chat-completions&probe=chat-walk&decision=use_fallback&from=-24h&"
      "to=2026-11-21T08%3A30%3a00Z&before_seq=17",
      now());
  ASSERT_TRUE(filter);
  EXPECT_EQ(filter->family, core::EndpointFamily::chat_completions);
  EXPECT_EQ(filter->probe, "chat-walk");
  EXPECT_EQ(filter->decision, core::Decision::use_fallback);
  EXPECT_EQ(filter->from->at, tests::at("2026-11-20T12:00:00Z"));
  EXPECT_EQ(filter->to->at, tests::at("2026-11-21T08:30:00Z"));
  EXPECT_EQ(filter->before_seq, 17U);
  EXPECT_THAT(parameters(*filter),
              ElementsAre(Pair("family", "chat_completions"),
                          Pair("probe", "chat-walk"),
                          Pair("decision", "use_fallback"),
                          Pair("from", "-24h"),
                          Pair("to", "2026-11-21T08:30:00Z"),
                          Pair("before_seq", "17")));
}

TEST(Filter, NamesTheParameterThatCannotBe) {
  struct Row {
    std::string query;
    std::string name;
    std::string value;
  };
  const std::vector<Row> rows{
      {"family=chat", "family", "chat"},
      {"decision=Escalate", "decision", "Escalate"},
      {"decision=escalate%20", "decision", "escalate "},
      {"probe=chat_walk", "probe", "chat_walk"},
      {"probe=%22%0A", "probe", "\"\n"},
      {"probe=" + std::string(65, 'a'), "probe", std::string(65, 'a')},
      {"from=yesterday", "from", "yesterday"},
      {"from=-", "from", "-"},
      {"to=2026-11-21", "to", "2026-11-21"},
      {"to=2026-13-21T00:00:00Z", "to", "2026-13-21T00:00:00Z"},
      {"before_seq=-1", "before_seq", "-1"},
      {"before_seq=1x", "before_seq", "1x"},
      {"before_seq=99999999999999999999", "before_seq", "99999999999999999999"},
      {"colour=red", "colour", "red"},
      {"=x", "", "x"},
      {"%zz=1", "%zz", "1"},
      {"probe=a&probe=b", "probe", "b"},
      {"from=-1h&to=-2h", "to", "-2h"}};
  for (const Row& row : rows) {
    const auto filter = read_filter(row.query, now());
    ASSERT_FALSE(filter) << row.query;
    EXPECT_EQ(filter.error().name, row.name) << row.query;
    EXPECT_EQ(filter.error().value, row.value) << row.query;
    EXPECT_FALSE(filter.error().wanted.empty()) << row.query;
  }
}

}  // namespace
}  // namespace smokeledger::exporters::page
