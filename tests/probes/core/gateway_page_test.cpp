// docs/gateways.md and the table of profiles are held to each other.
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "probes/core/gateway.h"

namespace smokeledger::probes::core {
namespace {

std::string page() {
  std::ifstream in(SMOKELEDGER_SOURCE_DIR "/docs/gateways.md");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string told_by(std::string_view header) {
  return header.empty() ? "never told" : "`" + std::string(header) + "`";
}

std::string model_told_by(const GatewayProfile& profile) {
  if (profile.model_header.empty()) return profile.body_names_model ? "the body" : "never told";
  return told_by(profile.model_header) + (profile.body_names_model ? ", else the body" : "");
}

TEST(GatewaysPage, ListsEveryProfileWithItsHeadersAndNothingElse) {
  std::vector<std::string> expected;
  for (const GatewayProfile& profile : gateway_profiles()) {
    expected.push_back("| `" + std::string(word(profile.gateway)) + "` | " +
                       told_by(profile.retries_header) + " | " + told_by(profile.fallbacks_header) +
                       " | " + model_told_by(profile) + " |");
  }
  std::vector<std::string> rows;
  std::istringstream lines(page());
  for (std::string line; std::getline(lines, line);) {
    const bool is_head = line.starts_with("| `gateway`");
    if (line.starts_with("| `") && !is_head) rows.push_back(line);
  }
  EXPECT_THAT(rows, testing::ElementsAreArray(expected));
}

TEST(GatewaysPage, HasASectionWithTheSourceOfEveryProfile) {
  const std::string text = page();
  for (const GatewayProfile& profile : gateway_profiles()) {
    EXPECT_THAT(text, testing::HasSubstr("\n## `" + std::string(word(profile.gateway)) + "`"));
    EXPECT_THAT(text, testing::HasSubstr("(" + std::string(profile.source) + ")"));
  }
}

}  // namespace
}  // namespace smokeledger::probes::core
