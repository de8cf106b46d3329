// `packet` with no service running, and with one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/application.h"
#include "exporters/ledger/query.h"
#include "exporters/packets/gather.h"
#include "tests/daemon/commands/command_line.h"
#include "tests/daemon/commands/running_service.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
namespace ledger = exporters::ledger;
using testing::HasSubstr;
using testing::StartsWith;
using tests::command;
using tests::Host;
using tests::RunningService;

// The ledger id of a line that is appended to the host's ledger.
std::string append(const Host& host, const core::Line& line) {
  const auto made = ledger::Ledger::open(tests::options_in(host.path("ledger"))).value();
  return made->append({&line, 1}, tests::at(tests::noon)).value().back().ledger_id();
}

std::string escalates(const Host& host) {
  core::Outcome outcome = tests::outcome_of("chat-walk", 1);
  outcome.environment = "staging";
  outcome.decision = core::Decision::escalate;
  outcome.check_result = core::CheckResult::fail;
  return append(host, core::OutcomeLine{outcome});
}

tests::Ran packet(const Host& host, std::vector<std::string> words) {
  words.insert(words.begin(), "packet");
  words.insert(words.end(), {"--initials", "AB", "--config.file", host.config_file()});
  return command(words);
}

tests::Ran close(const Host& host, const std::string& id, const std::string& shown_by) {
  return packet(host,
                {"close",
                 id,
                 "--result",
                 "The key was exchanged.",
                 "--changed",
                 "none",
                 "--shown-by",
                 shown_by,
                 "--remaining-uncertainty",
                 "none"});
}

std::string without_newline(const std::string& printed) {
  return printed.substr(0, printed.find('\n'));
}

std::map<std::uint64_t, core::LivePacket> live(const Host& host) {
  return exporters::packets::read_book(host.path("ledger"))->live;
}

TEST(PacketCommand, OpensOnALineThePacketOfItsProbeAndNoSecondOne) {
  const Host host;
  const std::string line = escalates(host);
  const auto ran = packet(host, {"open", "--line", line});
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  ASSERT_EQ(live(host).size(), 1U);
  EXPECT_EQ(live(host).begin()->second.probe, "chat-walk");
  EXPECT_EQ(live(host).begin()->second.environment, "staging");
  const auto again = packet(host, {"open", "--line", line});
  EXPECT_EQ(again.exit_code, exit_usage);
  EXPECT_THAT(again.err,
              HasSubstr("probe chat-walk has an open packet already, line " +
                        std::to_string(*ledger::seq_of(without_newline(ran.out)))));
}

TEST(PacketCommand, OpensOneBesideAServiceThatOpensItself) {
  const Host host;
  const std::string line = escalates(host);
  tests::Ran ran;
  {
    const RunningService service(host);  // its policy asks at the start
    ran = packet(host, {"open", "--line", line});
  }
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.err, HasSubstr("probe chat-walk has an open packet already, line "));
  EXPECT_EQ(live(host).size(), 1U);
}

TEST(PacketCommand, OpensOnOutcomesAlone) {
  const Host host;
  const std::string line = escalates(host);
  const std::string recorded = append(host, core::DecisionLine{tests::sample_decision()});
  EXPECT_THAT(packet(host, {"open", "--line", recorded}).err, HasSubstr("is no outcome"));
  EXPECT_THAT(packet(host, {"open", "--line", line, "--probe", "chat-direct"}).err,
              HasSubstr(line + " is an outcome of the probe chat-walk, not of chat-direct"));
  EXPECT_THAT(packet(host, {"open", "--line", line + "00"}).err,
              HasSubstr("is no line of this ledger"));
  EXPECT_TRUE(live(host).empty());
}

TEST(PacketCommand, ClosesByALineThatIsNewerThanThePacket) {
  const Host host;
  const std::string line = escalates(host);
  const std::string id = without_newline(packet(host, {"open", "--line", line}).out);
  EXPECT_THAT(close(host, id, id).err, HasSubstr("is not newer than the packet"));
  EXPECT_EQ(close(host, id, line).exit_code, exit_usage);
  EXPECT_EQ(live(host).size(), 1U);
  const auto ran = close(host, id, escalates(host));
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  EXPECT_THAT(ran.out, StartsWith("staging-"));
  EXPECT_TRUE(live(host).empty());
}

}  // namespace
}  // namespace smokeledger::daemon::commands
