// How `run` ends when it cannot begin. None of these reaches the schedule.
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/application.h"
#include "exporters/ledger/ledger.h"
#include "exporters/ledger/verify.h"
#include "exporters/web/server.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::daemon::commands {
namespace {

using testing::HasSubstr;
using tests::command;
using tests::Host;

struct Ended {
  int exit_code = 0;
  std::string err;
  std::string log;
};

Ended run(const Host& host, std::vector<std::string> more = {}) {
  std::vector<std::string> words{"run", "--config.file", host.config_file()};
  words.insert(words.end(), more.begin(), more.end());
  testing::internal::CaptureStderr();
  const auto ran = command(words);
  return {ran.exit_code, ran.err, testing::internal::GetCapturedStderr()};
}

TEST(Run, OfAnInvalidConfigurationIsOne) {
  Host host;
  host.change("schema = 1", "schema = 2");
  const auto ended = run(host);
  EXPECT_EQ(ended.exit_code, exit_config_invalid);
  EXPECT_THAT(ended.err, HasSubstr(host.config_file() + ":1:"));
  EXPECT_FALSE(std::filesystem::exists(host.path("ledger")));
}

TEST(Run, BesideAnotherWriterIsThree) {
  const Host host;
  const auto writer = exporters::ledger::Ledger::open(tests::options_in(host.path("ledger")));
  ASSERT_TRUE(writer);
  const auto ended = run(host);
  EXPECT_EQ(ended.exit_code, exit_ledger_locked);
  EXPECT_THAT(ended.log, HasSubstr("level=error"));
}

TEST(Run, OnALedgerOfAnotherNameIsFour) {
  Host host;
  ASSERT_TRUE(exporters::ledger::Ledger::open(tests::options_in(host.path("ledger"))));
  host.change("name = \"staging\", dir", "name = \"other\", dir");
  EXPECT_EQ(run(host).exit_code, exit_ledger_unusable);
}

TEST(Run, OnADamagedLedgerIsFive) {
  const Host host;
  ASSERT_TRUE(exporters::ledger::Ledger::open(tests::options_in(host.path("ledger"))));
  const auto segment = tests::segment_files(host.path("ledger")).at(0);
  std::string bytes = tests::read_bytes(segment);
  bytes[bytes.find("staging")] = 'S';
  tests::write_bytes(segment, bytes);
  EXPECT_EQ(run(host).exit_code, exit_ledger_corrupt);
}

TEST(Run, WithoutItsAddressIsSevenAndItsLedgerIsSound) {
  const Host host;
  boost::asio::io_context io;
  exporters::web::WebServer other(io, {});
  const auto listening = other.listen("127.0.0.1:0");
  ASSERT_TRUE(listening);
  const std::string taken = *listening;
  for (const char* format : {"logfmt", "json"}) {
    const auto ended = run(host, {"--web.listen-address", taken, "--log.format", format});
    EXPECT_EQ(ended.exit_code, exit_cannot_listen);
    EXPECT_THAT(ended.log, HasSubstr("cannot listen on " + taken));
  }
  const auto verified = exporters::ledger::verify(host.path("ledger"));
  ASSERT_TRUE(verified);
  EXPECT_FALSE(verified->problem);
}

TEST(Run, OnAnAddressThatIsNotLoopbackIsAUsageError) {
  const Host host;
  for (const char* address : {"0.0.0.0:9464", ":9464", "not an address"}) {
    const auto ended = run(host, {"--web.listen-address", address});
    EXPECT_EQ(ended.exit_code, exit_usage) << address;
    EXPECT_THAT(ended.err, HasSubstr("--web.listen-address")) << address;
  }
  EXPECT_FALSE(std::filesystem::exists(host.path("ledger")));
}

}  // namespace
}  // namespace smokeledger::daemon::commands
