// `drill` with no service running: by its own stub, on a port of its own.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/commands/drill_line.h"
#include "exporters/ledger/verify.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::daemon::commands {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;
using testing::StartsWith;
using tests::command;
using tests::Host;

std::string free_address() {
  boost::asio::io_context io;
  const boost::asio::ip::tcp::acceptor taken(io, {boost::asio::ip::address_v4::loopback(), 0});
  return "127.0.0.1:" + std::to_string(taken.local_endpoint().port());
}

// A host with a walk drill and a client drill, and a client that any Debian has.
class DrillHost : public testing::Test {
 protected:
  DrillHost() {
    host_.change("[providers.main]",
                 "[stub]\nlisten_address = \"" + free_address() + "\"\n[providers.main]");
    host_.change("[[probes]]\nname = \"chat-direct\"", R"([[probes]]
name = "walk"
mode = "drill"
routes = ["chat"]
expect = "retry_primary"
retry = { base = "10ms", cap = "20ms" }
schedule = { minimum_interval = "0s" }
drill = { of = "walk", scripts = ["recover-after-1"], settle = "10ms" }

[[probes]]
name = "sdk"
mode = "drill"
routes = ["chat"]
expect = "controlled_failure"
[probes.drill]
of = "client"
scripts = ["throttled"]
budget = 2
settle = "100ms"
exit_codes = { 0 = "usable_response", 3 = "controlled_failure" }

[[probes]]
name = "chat-direct")");
  }
  tests::Ran drill(const std::vector<std::string>& more, bool terminal = false) {
    std::vector<std::string> words{"drill", "--config.file", host_.config_file()};
    words.insert(words.end(), more.begin(), more.end());
    return command(words, terminal);
  }
  // A client that asks so often, one after another, and ends with this code.
  std::vector<std::string> client(int times, int exit_code) const {
    return {"sdk",
            "--",
            "bash",
            "-c",
            "host=${SMOKELEDGER_STUB_URL#http://} path=/${host#*/} host=${host%%/*}\n"
            "for i in $(seq " +
                std::to_string(times) +
                "); do\n"
                "  exec 3<>/dev/tcp/${host%:*}/${host#*:}\n"
                "  printf 'POST %s/v1/chat/completions HTTP/1.1\\r\\nHost: x\\r\\n"
                "Connection: close\\r\\nContent-Length: 13\\r\\n\\r\\n{\"model\":\"m\"}'"
                " \"$path\" >&3\n"
                "  cat <&3 >/dev/null; sleep 0.03\n"
                "done; exit " +
                std::to_string(exit_code)};
  }

  Host host_;
};

TEST_F(DrillHost, RunsOurOwnDrillsAndLeavesClientsAlone) {
  const auto ran = drill({});
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err << ran.out;
  const auto lines = tests::split_lines(ran.out);
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(lines[0], HasSubstr(R"("probe":"walk")"));
  EXPECT_THAT(lines[0], HasSubstr(R"("provider":"stub")"));
  EXPECT_THAT(lines[0], HasSubstr(R"("arrivals":2,)"));
  EXPECT_THAT(lines[0], HasSubstr(R"("check_result":"pass")"));
}

TEST_F(DrillHost, PrintsATableOnATerminal) {
  const auto ran = drill({"walk"}, true);
  const auto lines = tests::split_lines(ran.out);
  ASSERT_THAT(lines, SizeIs(2)) << ran.err;
  EXPECT_THAT(lines[0], StartsWith("probe"));
  EXPECT_THAT(lines[1], MatchesRegex("walk +2 +2 +3 +pass +usable_after_retry .*"));
}

TEST_F(DrillHost, SaysInOneSentenceWhatAClientDid) {
  const auto within = drill(client(2, 3));
  EXPECT_EQ(within.exit_code, exit_ok) << within.err << within.out;
  EXPECT_THAT(within.out, StartsWith("asked 1, upstream saw 2, budget 2: pass\nstaging-"));
  EXPECT_THAT(within.out, HasSubstr(" drill_within_budget: "));
  EXPECT_THAT(within.err, HasSubstr("the client is to send to http://127.0.0.1:"));
  const auto over = drill(client(5, 3));
  EXPECT_EQ(over.exit_code, exit_failed) << over.err;
  EXPECT_THAT(over.out, StartsWith("asked 1, upstream saw 5, budget 2: fail\n"));
  const auto verified = exporters::ledger::verify(host_.path("ledger"));
  ASSERT_TRUE(verified);
  EXPECT_FALSE(verified->problem);
}

TEST_F(DrillHost, ComparesWhatTheClientReceivedWithWhatWasExpected) {
  EXPECT_EQ(drill(client(1, 0)).exit_code, exit_failed) << "it took a refusal for a reply";
  const auto undeclared = drill(client(1, 7));
  EXPECT_EQ(undeclared.exit_code, exit_could_not_tell);
  EXPECT_THAT(undeclared.out, HasSubstr("look at: exit_code_not_declared\n"));
}

TEST_F(DrillHost, NeverPassesAClientThatSentNothing) {
  const auto ran = drill({"sdk", "--", "true"});
  EXPECT_EQ(ran.exit_code, exit_could_not_tell);
  EXPECT_THAT(ran.out, StartsWith("asked 1, upstream saw 0, budget 2: investigate\n"));
  const auto missing = drill({"sdk", "--", "no-such-client"});
  EXPECT_EQ(missing.exit_code, exit_could_not_tell);
  EXPECT_THAT(missing.err, HasSubstr("no-such-client cannot be started: No such file"));
  EXPECT_THAT(missing.out, HasSubstr("client_not_started"));
}

TEST_F(DrillHost, PrintsTheLineWhereJsonIsAskedFor) {
  auto words = client(2, 3);
  words.insert(words.begin() + 1, {"-o", "json"});
  const auto ran = drill(words);
  EXPECT_THAT(ran.out, StartsWith(R"({"v":1,"seq":)"));
  EXPECT_THAT(tests::split_lines(ran.out), SizeIs(1));
}

TEST_F(DrillHost, TakesTheOneClientDrillThereIsWithoutItsName) {
  auto words = client(2, 3);
  words.erase(words.begin());
  EXPECT_EQ(drill(words).exit_code, exit_ok);
}

TEST_F(DrillHost, RefusesADrillOfTheOtherKind) {
  const auto client_alone = drill({"sdk"});
  EXPECT_EQ(client_alone.exit_code, exit_usage);
  EXPECT_THAT(client_alone.err,
              HasSubstr("sdk is not a drill that runs without a client; those are: walk\n"));
  const auto walk_with = drill({"walk", "--", "true"});
  EXPECT_EQ(walk_with.exit_code, exit_usage);
  EXPECT_THAT(walk_with.err, HasSubstr("walk is not a drill of a client; those are: sdk\n"));
  EXPECT_EQ(drill({"chat-direct"}).exit_code, exit_usage);
  EXPECT_FALSE(std::filesystem::exists(host_.path("ledger")));
}

TEST_F(DrillHost, SaysWhenTheStubsAddressIsTaken) {
  const std::string text = host_.text();
  const auto at = text.find("listen_address = \"127.0.0.1:", text.find("[stub]")) + 18;
  const std::string address = text.substr(at, text.find('"', at) - at);
  boost::asio::io_context io;
  const auto port = static_cast<std::uint16_t>(std::stoi(address.substr(address.find(':') + 1)));
  const boost::asio::ip::tcp::acceptor taken(io, {boost::asio::ip::address_v4::loopback(), port});
  const auto ran = drill({"walk"});
  EXPECT_EQ(ran.exit_code, 7);
  EXPECT_THAT(drill(client(1, 3)).out, IsEmpty());
}

TEST(Drill, OfAConfigurationWithoutDrillsSaysWhereToRead) {
  const Host host;
  const auto ran = command({"drill", "--config.file", host.config_file()});
  EXPECT_EQ(ran.exit_code, exit_usage);
  EXPECT_THAT(ran.err, HasSubstr("no probe is a drill of this kind; docs/drills.md"));
}

TEST(Drill, OfAnInvalidConfigurationNamesTheErrors) {
  Host host;
  host.change("schema = 1", "schema = 2");
  const auto ran = command({"drill", "--config.file", host.config_file()});
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.err, StartsWith(host.config_file() + ":1:"));
}

}  // namespace
}  // namespace smokeledger::daemon::commands
