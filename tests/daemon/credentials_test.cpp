#include "daemon/credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/ledger_fixtures.h"
#include "tests/support/plans.h"

namespace smokeledger::daemon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::shared_ptr<const core::Route> route_to(core::Provider provider) {
  auto route = std::make_shared<core::Route>(*tests::route(provider.name + "-route", "unused"));
  route->provider = std::make_shared<const core::Provider>(std::move(provider));
  return route;
}

core::Provider wants(const std::string& name, const std::string& credential) {
  core::Provider provider;
  provider.name = name;
  provider.auth = core::AuthScheme::bearer;
  provider.credential = credential;
  return provider;
}

core::ProbePlan plan_over(std::vector<core::Provider> providers) {
  core::ProbePlan plan;
  for (auto& provider : providers) plan.routes.push_back(route_to(std::move(provider)));
  return plan;
}

Credentials gathered_from(const std::string& bytes) {
  const tests::ScratchDir dir;
  tests::write_bytes(dir.path() / "key", bytes);
  return gather_credentials(plan_over({wants("main", "key")}), dir.path());
}

// What is found when the file of the one credential holds these bytes.
std::string found_in(const std::string& bytes) {
  const Credentials found = gathered_from(bytes);
  EXPECT_TRUE(found.complete());
  return found.secrets.contains("main") ? found.secrets.at("main")->reveal() : "";
}

// Why it is none; empty: it is one.
std::string defect_of(const std::string& bytes) {
  const Credentials found = gathered_from(bytes);
  EXPECT_THAT(found.missing, IsEmpty());
  EXPECT_NE(found.secrets.empty(), found.complete());
  return found.complete() ? "" : found.unusable.at("main");
}

TEST(Credentials, AreOneLineWithoutTheLineEndThatEditorsAdd) {
  EXPECT_EQ(found_in("sk-1"), "sk-1");
  EXPECT_EQ(found_in("sk-1\n"), "sk-1");
  EXPECT_EQ(found_in("sk-1\r\n"), "sk-1");
  EXPECT_EQ(found_in("sk-1\n\n"), "sk-1");
}

TEST(Credentials, ThatCannotBeOneHeaderValueAreUnusableForAReason) {
  for (const std::string& bytes : {std::string{}, std::string{"\n"}, std::string{"\r\n\n"}}) {
    EXPECT_EQ(defect_of(bytes), "it is empty") << testing::PrintToString(bytes);
  }
  for (const std::string& bytes :
       {std::string{"two\nlines"}, std::string{"sk-1\r\nx-other: header"}}) {
    EXPECT_EQ(defect_of(bytes), "it holds more than one line") << testing::PrintToString(bytes);
  }
  for (const std::string& bytes : {std::string{"with blank"},
                                   std::string{"tab\there"},
                                   std::string{"nul\0here", 8},
                                   std::string{"trailing nul\0", 13},
                                   std::string{"\x7F"},
                                   std::string{"gr\xC3\xBC\xC3\x9F"},
                                   std::string{"\xEF\xBB\xBFsk-1"}}) {
    EXPECT_EQ(defect_of(bytes), "it holds a blank or a byte that is not printable ASCII")
        << testing::PrintToString(bytes);
  }
}

TEST(Credentials, AreAtMostEightKibibytesLong) {
  EXPECT_EQ(found_in(std::string(8192, 'k')).size(), 8192U);
  EXPECT_EQ(defect_of(std::string(8193, 'k')), "it is longer than 8 KiB");
  EXPECT_EQ(defect_of(std::string(100'000, 'k')), "it is longer than 8 KiB");
}

TEST(Credentials, ThatAreStillThePlaceholderAreUnusableInAFileAndMissingByName) {
  EXPECT_EQ(defect_of("<API_KEY_PLACEHOLDER>\n"), "it still holds the placeholder");
  const tests::ScratchDir dir;
  tests::write_bytes(dir.path() / "<API_KEY_PLACEHOLDER>", "sk-1");
  const auto plan = plan_over({wants("main", "<API_KEY_PLACEHOLDER>")});
  EXPECT_THAT(gather_credentials(plan, dir.path()).missing, ElementsAre("main"));
}

TEST(Credentials, AreMissingWithoutADirectoryOrAFile) {
  const tests::ScratchDir dir;
  const auto plan = plan_over({wants("main", "key")});
  EXPECT_THAT(gather_credentials(plan, "").missing, ElementsAre("main"));
  EXPECT_THAT(gather_credentials(plan, dir.path()).missing, ElementsAre("main"));
  EXPECT_THAT(gather_credentials(plan, dir.path()).unusable, IsEmpty());
}

TEST(Credentials, ThatCannotBeReadAreUnusable) {
  const tests::ScratchDir dir;
  const auto plan = plan_over({wants("main", "key")});
  std::filesystem::create_directory(dir.path() / "key");
  const Credentials folder = gather_credentials(plan, dir.path());
  EXPECT_THAT(folder.missing, IsEmpty());
  EXPECT_EQ(folder.unusable.at("main"), "it cannot be read: Is a directory");
  std::filesystem::remove(dir.path() / "key");
  std::filesystem::create_symlink("key", dir.path() / "key");
  EXPECT_THAT(gather_credentials(plan, dir.path()).unusable.at("main"),
              testing::StartsWith("it cannot be read: "))
      << "a link to itself";
}

TEST(Credentials, OfAFileAreTakenInsteadOfTheDirectory) {
  const tests::ScratchDir dir;
  tests::write_bytes(dir.path() / "key", "from-the-directory");
  tests::write_bytes(dir.path() / "elsewhere", "from-the-file");
  core::Provider provider = wants("main", "key");
  provider.credential_file = dir.path() / "elsewhere";
  const auto found = gather_credentials(plan_over({provider}), dir.path());
  ASSERT_TRUE(found.secrets.contains("main"));
  EXPECT_EQ(found.secrets.at("main")->reveal(), "from-the-file");
  provider.credential_file = dir.path() / "gone";
  EXPECT_THAT(gather_credentials(plan_over({provider}), dir.path()).missing, ElementsAre("main"))
      << "and nothing takes its place";
}

TEST(Credentials, AreAskedForOncePerProviderAndNotWithoutAScheme) {
  const tests::ScratchDir dir;
  tests::write_bytes(dir.path() / "key", "sk-1");
  core::Provider open = wants("open", "");
  open.auth = core::AuthScheme::none;
  const auto found = gather_credentials(plan_over({wants("main", "key"),
                                                   wants("other", "not-there"),
                                                   wants("main", "key"),
                                                   wants("other", "not-there"),
                                                   open}),
                                        dir.path());
  EXPECT_EQ(found.secrets.size(), 1U);
  EXPECT_THAT(found.missing, ElementsAre("other"));
}

TEST(Credentials, OfALiveDrillAreAnInvalidKeyAndNoFileIsRead) {
  const tests::ScratchDir dir;
  tests::write_bytes(dir.path() / "key", "the-real-key");
  core::ProbePlan plan = plan_over({wants("main", "key"), wants("other", "missing")});
  plan.drill.emplace();
  plan.drill->live = core::LiveDrill::invalid_key;
  const Credentials found = gather_credentials(plan, dir.path());
  EXPECT_TRUE(found.complete());
  EXPECT_EQ(found.secrets.at("main")->reveal(), invalid_key);
  EXPECT_EQ(found.secrets.at("other")->reveal(), invalid_key);
}

}  // namespace
}  // namespace smokeledger::daemon
