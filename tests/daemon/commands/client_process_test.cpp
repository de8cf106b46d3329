#include "daemon/commands/client_process.h"

#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/ledger_fixtures.h"

namespace smokeledger::daemon::commands {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

// Runs one command to its end.
class AClient : public testing::Test {
 protected:
  void run(const std::vector<std::string>& command,
           const std::vector<std::string>& environment = {}) {
    client_.start(command, environment);
    io_.run();
    io_.restart();
  }
  void shell(const std::string& script) { run({"/bin/sh", "-c", script}); }
  // Calls back in a moment, when the client runs.
  void soon(const std::function<void()>& then) {
    timer_.expires_after(std::chrono::milliseconds(200));
    timer_.async_wait([then](boost::system::error_code) { then(); });
  }

  boost::asio::io_context io_;
  boost::asio::steady_timer timer_{io_};
  std::optional<Drills::Ended> how_;
  std::string why_;
  ClientProcess client_{io_, [this](Drills::Ended how, const std::string& why) {
                          how_ = how;
                          why_ = why;
                        }};
};

TEST_F(AClient, EndsWithItsExitCode) {
  shell("exit 3");
  ASSERT_TRUE(how_);
  EXPECT_EQ(how_->client, core::ClientEnd::exited);
  EXPECT_EQ(how_->exit_code, 3);
  EXPECT_EQ(why_, "");
}

TEST_F(AClient, ThatWasKilledSaysByWhat) {
  shell("kill -KILL $$");
  EXPECT_EQ(how_->client, core::ClientEnd::killed);
  EXPECT_EQ(why_, "the client was killed: Killed");
}

TEST_F(AClient, ThatIsNotThereIsNotStarted) {
  run({"/nonexistent/client", "--flag"});
  EXPECT_EQ(how_->client, core::ClientEnd::not_started);
  EXPECT_EQ(why_, "/nonexistent/client cannot be started: No such file or directory");
}

TEST_F(AClient, HoldsNothingOpenThatIsOurs) {
  std::array<int, 2> ours{};
  ASSERT_EQ(::pipe(ours.data()), 0);
  const std::string descriptor = std::to_string(ours[0]);
  shell("test -e /proc/$$/fd/" + descriptor + " && exit 1; test -e /proc/$$/fd/2");
  EXPECT_EQ(how_->exit_code, 0) << "it holds descriptor " << descriptor;
  for (const int end : ours) ::close(end);
}

TEST_F(AClient, GetsItsArgumentsAndEnvironmentAsTheyAre) {
  const tests::ScratchDir dir;
  const std::string file = dir.path() / "seen";
  run({"/bin/sh", "-c", R"(printf '%s|%s|%s' "$0" "$1" "$GIVEN" > )" + file, "a b", "*"},
      {"GIVEN=x y"});
  EXPECT_EQ(how_->exit_code, 0);
  EXPECT_EQ(tests::read_bytes(file), "a b|*|x y");
}

TEST_F(AClient, IsToldToEndAndKilledWhenToldAgain) {
  soon([this] {
    client_.interrupt(SIGTERM);
    soon([this] { client_.interrupt(SIGTERM); });
  });
  shell("trap '' TERM; while :; do sleep 0.1; done");
  EXPECT_EQ(how_->client, core::ClientEnd::killed);
  EXPECT_EQ(why_, "the client was killed: Killed");
}

TEST_F(AClient, MayEndInItsOwnWayWhenTold) {
  soon([this] { client_.interrupt(SIGTERM); });
  shell("trap 'exit 9' TERM; while :; do sleep 0.1; done");
  EXPECT_EQ(how_->client, core::ClientEnd::exited);
  EXPECT_EQ(how_->exit_code, 9);
}

TEST_F(AClient, ThatATerminalInterruptedIsWaitedForAndThenTold) {
  soon([this] { client_.interrupt(SIGINT); });
  shell("while :; do sleep 0.1; done");
  EXPECT_EQ(how_->client, core::ClientEnd::killed);
  EXPECT_EQ(why_, "the client was killed: Terminated");
}

TEST(ClientThatIsLeftBehind, IsKilled) {
  boost::asio::io_context io;
  const tests::ScratchDir dir;
  const std::string file = dir.path() / "pid";
  {
    ClientProcess client(io, [](Drills::Ended, const std::string&) {});
    client.start({"/bin/sh", "-c", "echo $$ > " + file + "; exec sleep 60"}, {});
    while (!std::filesystem::exists(file) || tests::read_bytes(file).empty()) {
      io.run_for(std::chrono::milliseconds(20));
      io.restart();
    }
  }
  EXPECT_EQ(::kill(std::stoi(tests::read_bytes(file)), 0), -1);
}

TEST(ClientEnvironment, SaysWhereTheStubIsAndKeepsTheRest) {
  const std::string url = "http://127.0.0.1:9466/s/throttled";
  EXPECT_THAT(client_environment({"PATH=/bin", "OPENAI_BASE_URL=https://api.example.com"}, url),
              UnorderedElementsAre("PATH=/bin",
                                   "SMOKELEDGER_STUB_URL=" + url,
                                   "OPENAI_BASE_URL=" + url + "/v1",
                                   "ANTHROPIC_BASE_URL=" + url,
                                   "OPENAI_API_KEY=smokeledger-drill",
                                   "ANTHROPIC_API_KEY=smokeledger-drill"));
}

TEST(ClientEnvironment, KeepsAKeyThatIsThere) {
  const auto variables = client_environment({"OPENAI_API_KEY=of-the-test"}, "http://127.0.0.1:1");
  EXPECT_THAT(variables, Contains("OPENAI_API_KEY=of-the-test"));
  EXPECT_THAT(variables, Contains("ANTHROPIC_API_KEY=smokeledger-drill"));
}

}  // namespace
}  // namespace smokeledger::daemon::commands
