#include "daemon/reload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/config/sample.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::daemon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

config::Config with_values(std::map<std::string, std::string> values) {
  config::Config config;
  config.sha256 = std::string(64, 'e');
  config.values = std::move(values);
  return config;
}

TEST(Compare, NamesTheKeysThatChangedCameAndWent) {
  const auto current = with_values({{"a", "1"}, {"b", "1"}, {"c", "1"}});
  const Reload reload = compare(current, with_values({{"a", "1"}, {"b", "2"}, {"d", "1"}}));
  EXPECT_THAT(reload.errors, IsEmpty());
  ASSERT_TRUE(reload.config);
  EXPECT_THAT(reload.line.changed, ElementsAre("b", "c", "d"));
  EXPECT_EQ(reload.line.changed_left_out, 0U);
  EXPECT_EQ(reload.line.config_sha256, std::string(64, 'e'));
}

TEST(Compare, OfTheSameFileRecordsNoChange) {
  const auto current = with_values({{"a", "1"}});
  const Reload reload = compare(current, with_values({{"a", "1"}}));
  ASSERT_TRUE(reload.config);
  EXPECT_THAT(reload.line.changed, IsEmpty());
}

TEST(Compare, RefusesWhatOnlyARestartCanChange) {
  for (const char* key : {"ledger.dir",
                          "ledger.name",
                          "ledger.segment_size",
                          "web.listen_address",
                          "web.metrics_listen_address",
                          "control.socket"}) {
    const Reload reload =
        compare(with_values({{key, "before"}}), with_values({{key, "after"}, {"probes.a", "new"}}));
    EXPECT_FALSE(reload.config) << key;
    EXPECT_THAT(reload.errors, ElementsAre(std::string(key) + " can only be changed by a restart"));
    EXPECT_THAT(reload.line.changed, IsEmpty());
  }
}

TEST(Compare, TakesKeysThatOnlyLookLikeThose) {
  const Reload reload = compare(with_values({{"ledgers", "a"}, {"limits.max_in_flight", "2"}}),
                                with_values({{"ledgers", "b"}, {"limits.max_in_flight", "3"}}));
  EXPECT_TRUE(reload.config);
}

TEST(Compare, NamesSixtyFourChangesAndCountsTheRest) {
  std::map<std::string, std::string> values;
  for (int i = 0; i < 70; ++i) values["key" + std::to_string(i)] = "1";
  const Reload reload = compare(with_values({}), with_values(values));
  ASSERT_TRUE(reload.config);
  EXPECT_THAT(reload.line.changed, SizeIs(64));
  EXPECT_EQ(reload.line.changed_left_out, 6U);
}

// A configuration file that is in use, and what a reload makes of it once it says something else.
struct File {
  File() {
    tests::write_bytes(path, config::sample::whole());
    in_use = *config::load_config(path).config;
  }
  Reload reload(const std::string& text) const {
    tests::write_bytes(path, text);
    return read_reload(in_use);
  }

  tests::ScratchDir dir;
  std::string path = dir.path() / "staging.toml";
  config::Config in_use;
};

TEST(ReadReload, TakesAFileWithoutErrors) {
  const File file;
  const Reload reload = file.reload(
      config::sample::with("routes = [\"chat\", \"responses\"]", "routes = [\"chat\"]"));
  EXPECT_THAT(reload.errors, IsEmpty());
  ASSERT_TRUE(reload.config);
  EXPECT_EQ(reload.config->probes.at(0)->routes.size(), 1U);
  EXPECT_THAT(reload.line.changed, ElementsAre(HasSubstr("routes")));
  EXPECT_NE(reload.line.config_sha256, file.in_use.sha256);
}

TEST(ReadReload, NamesTheContractsThatWereEditedInTheirFolder) {
  const tests::ScratchDir contracts;
  const std::string shipped = tests::read_bytes(std::string(SMOKELEDGER_SOURCE_DIR) +
                                                "/etc/contracts/chat_completions.toml");
  tests::write_bytes(contracts.path() / "chat_completions.toml", shipped);
  File file;
  const std::string text =
      "contracts_dir = \"" + contracts.path().string() + "\"\n" + config::sample::whole();
  file.in_use = *file.reload(text).config;
  EXPECT_THAT(file.reload(text).line.changed, IsEmpty());

  tests::write_bytes(contracts.path() / "chat_completions.toml", shipped + "\n# a remark\n");
  const Reload reload = file.reload(text);
  EXPECT_THAT(reload.line.changed, ElementsAre("contracts.chat_completions"));
  EXPECT_EQ(reload.line.config_sha256, file.in_use.sha256) << "of the same file";
}

TEST(ReadReload, NamesEveryErrorOfAnInvalidFileAndChangesNothing) {
  const File file;
  const Reload reload =
      file.reload(config::sample::with("mode = \"walk\"", "mode = \"fly\"\nspeed = 3"));
  EXPECT_FALSE(reload.config);
  ASSERT_THAT(reload.errors, SizeIs(2));
  EXPECT_THAT(reload.errors[0], HasSubstr(file.path + ":"));
}

TEST(ReadReload, OfAFileThatIsGoneIsAnError) {
  const File file;
  std::filesystem::remove(file.path);
  const Reload reload = read_reload(file.in_use);
  EXPECT_FALSE(reload.config);
  EXPECT_THAT(reload.errors, SizeIs(1));
}

TEST(ReadReload, LeavesTheFlagsOfTheCommandLineInForce) {
  File file;
  file.in_use.web.listen_address = "127.0.0.1:1234";
  const Reload reload = file.reload(config::sample::whole() + "\n# a remark\n");
  ASSERT_TRUE(reload.config);
  EXPECT_EQ(reload.config->web.listen_address, "127.0.0.1:1234");
}

}  // namespace
}  // namespace smokeledger::daemon
