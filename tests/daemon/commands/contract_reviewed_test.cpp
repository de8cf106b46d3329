// `contract reviewed` with no service running, and with one.
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/application.h"
#include "daemon/commands/ledger_state.h"
#include "exporters/ledger/verify.h"
#include "tests/daemon/commands/command_line.h"
#include "tests/daemon/commands/running_service.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
using testing::HasSubstr;
using testing::IsEmpty;
using tests::command;
using tests::Host;
using tests::RunningService;

tests::Ran reviewed(const Host& host, const std::string& family, const std::string& initials) {
  return command({"contract",
                  "reviewed",
                  family,
                  "--initials",
                  initials,
                  "--config.file",
                  host.config_file()});
}

core::ContractReviews reviews_in(const Host& host) {
  std::string problem;
  const auto state = read_state(host.path("ledger"), problem);
  EXPECT_EQ(problem, "");
  return state.contract_reviews;
}

TEST(ContractReviewed, IsOneLineWhoseLedgerIdIsPrinted) {
  const Host host;
  const auto ran = reviewed(host, "chat-completions", "AB");
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  EXPECT_THAT(ran.out, testing::MatchesRegex("staging-[0-9a-f]{8}-1\n"));
  const auto review = reviews_in(host).at(core::EndpointFamily::chat_completions);
  EXPECT_EQ(review.initials, "AB");
  EXPECT_EQ(review.caller_uid, ::getuid());
  EXPECT_THAT(review.contract_version, testing::StartsWith("chat_completions/"));
  EXPECT_FALSE(exporters::ledger::verify(host.path("ledger"))->problem);
}

TEST(ContractReviewed, GoesThroughARunningService) {
  const Host host;
  tests::Ran ran;
  {
    const RunningService service(host);
    ran = reviewed(host, "responses", "XYZ");
  }
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  EXPECT_THAT(ran.out, testing::StartsWith("staging-"));
  const auto review = reviews_in(host).at(core::EndpointFamily::responses);
  EXPECT_EQ(review.initials, "XYZ");
  EXPECT_EQ(review.caller_uid, ::getuid());
}

TEST(ContractReviewed, BesideAStaleSocketOfAKilledServiceTakesTheLock) {
  const Host host;
  tests::leave_socket(host.path("control.sock"));
  EXPECT_EQ(reviewed(host, "responses", "AB").exit_code, exit_ok);
}

TEST(ContractReviewed, BesideAnotherWriterSaysThatTheLedgerIsLocked) {
  const Host host;
  const auto writer = exporters::ledger::Ledger::open(tests::options_in(host.path("ledger")));
  ASSERT_TRUE(writer);
  const auto ran = reviewed(host, "responses", "AB");
  EXPECT_EQ(ran.exit_code, exit_ledger_locked);
  EXPECT_THAT(ran.err, HasSubstr("ledger"));
  EXPECT_THAT(ran.out, IsEmpty());
}

TEST(ContractReviewed, OfSomebodyElsesLedgerIsRefused) {
  const Host host;
  std::filesystem::create_directory(host.path("ledger"));
  if (::chown(host.path("ledger").c_str(), 65534, 65534) != 0) {
    GTEST_SKIP() << "not run here: giving the ledger to another user needs root; CI fails on this";
  }
  const auto ran = reviewed(host, "responses", "AB");
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.err, HasSubstr("belongs to another user"));
}

TEST(ContractReviewed, ByNobodyOrOfAnUnknownFamilyIsAUsageErrorAndWritesNothing) {
  const Host host;
  for (const auto& [family, initials] : std::vector<std::pair<std::string, std::string>>{
           {"chat", "AB"}, {"responses", "A"}, {"responses", "ab"}, {"responses", "ABCDE"}}) {
    const auto ran = reviewed(host, family, initials);
    EXPECT_EQ(ran.exit_code, exit_usage) << family << ' ' << initials;
    EXPECT_NE(ran.err, "");
  }
  EXPECT_EQ(
      command({"contract", "reviewed", "responses", "--config.file", host.config_file()}).exit_code,
      exit_usage);
  EXPECT_FALSE(std::filesystem::exists(host.path("ledger")));
}

TEST(ContractReviewed, OfAnInvalidConfigurationNamesTheErrors) {
  Host host;
  host.change("schema = 1", "schema = 2");
  const auto ran = reviewed(host, "responses", "AB");
  EXPECT_EQ(ran.exit_code, exit_config_invalid);
  EXPECT_THAT(ran.err, testing::StartsWith(host.config_file() + ":1:"));
}

}  // namespace
}  // namespace smokeledger::daemon::commands
