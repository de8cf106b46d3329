#include "daemon/config/secrets.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/config/sample.h"

namespace smokeledger::daemon::config {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Secrets, are_recognised_by_prefix_scheme_or_randomness) {
  for (const auto* secret : {
           "sk-0123456789abcdef",
           "sk-proj-abcdef",
           "key: sk-0123456789abcdef",
           "Bearer 0123456789abcdef",
           "basic dXNlcjpwYXNzd29yZA==",
           "https://user:password@api.example.com",
           "ghp_0123456789abcdef",
           "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x",
           "0123456789abcdef0123456789abcdef",
           "Zx81kQp0Vt7LmN3sYb5HcR9dWe2u",
           "aB3-xY7_kQ9-Lm2_Pz5-Rt8_Wv1-Nc4",
           "-----BEGIN PRIVATE KEY-----",
       }) {
    EXPECT_TRUE(looks_like_secret(secret)) << secret;
  }
}

TEST(Secrets, are_not_seen_in_names_models_links_and_versions) {
  for (const auto* innocent : {
           "main-key",
           "<API_KEY_PLACEHOLDER>",
           "chat-walk-primary-and-fallback",
           "claude-3-5-sonnet-20241022",
           "Qwen3-235B-A22B-Instruct-2507-FP8",
           "meta-llama/Meta-Llama-3.1-405B-Instruct-Turbo",
           "openai/gpt-4o-mini-2024-07-18",
           "https://api.cometapi.com/v1/chat/completions",
           "https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/"
           "retry-backoff.html",
           "/run/credentials/smokeledger.service/0123456789abcdef0123456789abcdef",
           "2.4.1+build.20260704",
           "platform-oncall",
           "desk-reservations-team",
       }) {
    EXPECT_FALSE(looks_like_secret(innocent)) << innocent;
  }
}

TEST(Secrets, are_not_seen_in_a_commit_among_versions_only) {
  const std::string commit = "85dbe223d40e1a31cba812ab2d755c7e98a92a3f";
  EXPECT_TRUE(looks_like_secret(commit));
  EXPECT_FALSE(looks_like_secret(commit, Digests::allowed));
  EXPECT_TRUE(
      sample::read(sample::with("owner = \"oncall\"",
                                "owner = \"oncall\", versions = { app = \"" + commit + "\" }"))
          .config);
}

// Wherever a credential is put in a configuration, rightly quoted or not, it is an error and the
// error does not repeat it.
class PastedSecret : public testing::TestWithParam<std::string> {};

TEST_P(PastedSecret, is_refused_and_never_printed) {
  const std::string secret = GetParam();
  const std::string quoted = "\"" + secret + "\"";
  const std::string_view providers = "[providers.main]";
  const std::vector<std::string> files{
      sample::with("\"main-key\"", quoted),
      sample::with("\"main-key\"", secret),
      sample::with("\"main-key\"", "\"" + secret),
      sample::with("\"bearer\"", quoted),
      sample::with("\"https://api.example.com/\"", "\"https://" + secret + "@api.example.com\""),
      sample::with("\"https://api.example.com/\"", "\"https://api.example.com/?k=" + secret + "\""),
      sample::with("\"a-model\"", quoted),
      sample::with("\"chat_completions\"", quoted),
      sample::with("provider = \"main\"", "provider = " + quoted),
      sample::with("\"chat-walk\"", quoted),
      sample::with("mode = \"walk\"", "mode = " + quoted),
      sample::with("[\"chat\", \"responses\"]", "[" + quoted + "]"),
      sample::with("owner = \"oncall\"", "owner = " + quoted),
      sample::with("\"staging\", dir", quoted + ", dir"),
      sample::with("\"staging\", dir", quoted + " " + quoted + ", dir"),
      sample::with(providers, "[providers." + quoted + "]"),
      sample::with(providers, "[schedule]\ninterval = " + quoted + "\n[providers.main]"),
      sample::with(providers, "[schedule]\n" + quoted + " = 1\n[providers.main]"),
      sample::with(providers,
                   "[schedule]\n" + quoted + " = 1\n" + quoted + " = 2\n[providers.main]"),
      sample::with("auth = \"bearer\"", "auth = \"bearer\"\nheaders = { x-a = " + quoted + " }"),
      sample::with("auth = \"bearer\"", "auth = \"bearer\"\nheaders = { " + quoted + " = \"a\" }"),
      sample::whole() + "evidence_links = [" + quoted + "]\n",
      sample::whole() + "[hosted.credentials]\nmain = " + quoted + "\n",
      sample::whole() + "[hosted.models]\n" + quoted + " = \"a\"\n",
  };
  for (const std::string& file : files) {
    const auto result = sample::read(file);
    EXPECT_FALSE(result.config) << file;
    EXPECT_THAT(sample::errors(result), Not(HasSubstr(secret))) << file;
    EXPECT_THAT(sample::errors(result), Not(HasSubstr(secret.substr(0, 12)))) << file;
  }
}

INSTANTIATE_TEST_SUITE_P(of_several_kinds,
                         PastedSecret,
                         testing::Values("sk-proj-0123456789abcdef",
                                         "ghp_0123456789abcdefghij",
                                         "0123456789abcdef0123456789abcdef",
                                         "Zx81kQp0Vt7LmN3sYb5HcR9dWe2u"));

}  // namespace
}  // namespace smokeledger::daemon::config
