#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/config/sample.h"

namespace smokeledger::daemon::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The environment's keys and the [hosted] section as given; what the walk over `chat` and
// `responses` cannot resolve.
std::vector<std::string> unresolved(const std::string& here, const std::string& hosted) {
  const auto result = sample::read(sample::with("owner = \"oncall\"", "owner = \"oncall\"" + here) +
                                   "[hosted]\n" + hosted);
  EXPECT_TRUE(result.config) << sample::errors(result);
  return result.config ? result.config->probes[0]->unresolved : std::vector<std::string>{"errors"};
}

TEST(EnvironmentMismatch, is_not_recorded_where_nothing_is_compared) {
  EXPECT_THAT(unresolved(", versions = { parser = \"1\" }, feature_flags = [\"a\"]", ""),
              IsEmpty());
}

TEST(EnvironmentMismatch, is_not_recorded_where_both_sides_say_the_same) {
  EXPECT_THAT(
      unresolved(", versions = { parser = \"1\" }, feature_flags = [\"a\", \"b\"]",
                 "versions = { parser = \"1\" }\nfeature_flags = [\"b\", \"a\"]\n"
                 "models = { chat = \"a-model\" }\ncredentials = { main = \"main-key\" }\n"),
      IsEmpty());
}

TEST(EnvironmentMismatch, names_each_version_that_differs_or_stands_on_one_side_only) {
  EXPECT_THAT(unresolved(", versions = { a = \"1\", b = \"1\", c = \"1\" }",
                         "versions = { b = \"2\", c = \"1\", d = \"1\" }\n"),
              ElementsAre("environment_mismatch:versions.a",
                          "environment_mismatch:versions.b",
                          "environment_mismatch:versions.d"));
}

TEST(EnvironmentMismatch, names_feature_flags_that_differ) {
  EXPECT_THAT(unresolved("", "feature_flags = [\"a\"]\n"),
              ElementsAre("environment_mismatch:feature_flags"));
}

TEST(EnvironmentMismatch, names_models_and_credentials_of_the_probes_own_routes_only) {
  EXPECT_THAT(
      unresolved("",
                 "models = { responses = \"other\", local = \"other\" }\n"
                 "credentials = { main = \"other-key\", stub = \"other-key\" }\n"),
      ElementsAre("environment_mismatch:model.responses", "environment_mismatch:credential.main"));
}

}  // namespace
}  // namespace smokeledger::daemon::config
