#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/config.h"
#include "probes/core/claims_guard.h"

namespace smokeledger::daemon::config {
namespace {

const std::filesystem::path folder = SMOKELEDGER_SOURCE_DIR "/tests/config/bad";

std::vector<std::string> names() {
  std::vector<std::string> list;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    list.push_back(entry.path().stem().string());
  }
  std::sort(list.begin(), list.end());
  return list;
}

std::vector<std::string> expected_errors(const std::filesystem::path& file) {
  constexpr std::string_view mark = "# expect: ";
  std::ifstream in(file);
  std::vector<std::string> list;
  for (std::string line; std::getline(in, line) && line.starts_with(mark);) {
    list.push_back(file.string() + ":" + line.substr(mark.size()));
  }
  return list;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

class BadFile : public testing::TestWithParam<std::string> {};

TEST_P(BadFile, is_refused_with_every_expected_error_and_no_other) {
  const auto file = folder / (GetParam() + ".toml");
  const auto expected = expected_errors(file);
  ASSERT_FALSE(expected.empty());

  const ReadResult result = load_config(file.string());

  EXPECT_FALSE(result.config.has_value());
  std::vector<std::string> found;
  for (const auto& error : result.errors) found.push_back(error.text());
  EXPECT_THAT(found, testing::ElementsAreArray(expected));
  // Only an error about a claim repeats one.
  const bool about_claims = GetParam().starts_with("claim-");
  for (const auto& error : result.errors) {
    EXPECT_EQ(probes::core::find_claims(error.problem + "; " + error.fix).empty(), !about_claims);
  }
}

INSTANTIATE_TEST_SUITE_P(tests_config_bad, BadFile, testing::ValuesIn(names()), test_name);

TEST(UnreadableFile, is_one_error_without_a_position) {
  const ReadResult result = load_config("/nonexistent/smokeledger.toml");
  ASSERT_EQ(result.errors.size(), 1U);
  EXPECT_EQ(result.errors[0].text(),
            "/nonexistent/smokeledger.toml: cannot read: no such file; check the path and its "
            "permissions");
}

}  // namespace
}  // namespace smokeledger::daemon::config
