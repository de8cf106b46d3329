#include "daemon/commands/outbox_run.h"

#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::daemon::commands {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using How = CommandEnd::How;

CommandEnd shell(const std::string& script,
                 std::chrono::milliseconds timeout = std::chrono::seconds(30)) {
  return CommandRunner().run(
      {"/bin/sh", "-c", script, "sh", "/outbox/a.json"}, {"PATH=/usr/bin:/bin"}, timeout);
}

TEST(OutboxRun, GivesTheArgumentsAsTheyAreAndKeepsWhatIsPrintedOnBothStreams) {
  const auto end = shell("echo \"$1\"; echo error >&2; cat");
  EXPECT_EQ(end.how, How::done);
  EXPECT_EQ(end.output, "/outbox/a.json\nerror\n");
  EXPECT_FALSE(end.output_cut);
}

// A zombie does not run any more.
bool runs(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  const std::string text(std::istreambuf_iterator<char>(stat), {});
  const auto name_end = text.rfind(')');
  return name_end != std::string::npos && text.at(name_end + 2) != 'Z';
}

struct Ending {
  std::string script;
  std::string why;
};
const Ending endings[] = {
    {"exit 255", "it ended with exit code 255"},
    {"exit 1", "it ended with exit code 1"},
    {"kill -KILL $$", "was killed: Killed"},
};

TEST(OutboxRun, SaysHowACommandFailed) {
  for (const auto& ending : endings) {
    const auto end = shell(ending.script);
    EXPECT_EQ(end.how, How::failed) << ending.script;
    EXPECT_THAT(end.why, HasSubstr(ending.why));
  }
  const auto absent = CommandRunner().run({"/nonexistent/command"}, {}, std::chrono::seconds(1));
  EXPECT_EQ(absent.how, How::failed);
  EXPECT_THAT(absent.why, HasSubstr("No such file or directory"));
}

TEST(OutboxRun, KillsACommandThatIsLateWithItsGroup) {
  const auto end = shell("sleep 3600 & echo $!; sleep 3600", std::chrono::seconds(2));
  EXPECT_EQ(end.how, How::failed);
  EXPECT_EQ(end.why, "it did not end in time and was killed");
  const auto behind = static_cast<pid_t>(std::stol(end.output));
  for (int round = 0; round < 500 && runs(behind); ++round) ::usleep(10'000);
  EXPECT_FALSE(runs(behind));
}

TEST(OutboxRun, DoesNotWaitForWhoStillHoldsTheOutput) {
  const auto end = shell("sleep 60 & echo over");
  EXPECT_EQ(end.how, How::done);
  EXPECT_EQ(end.output, "over\n");
}

TEST(OutboxRun, KeepsTheBeginningOfWhatIsTooMuch) {
  const auto end = shell("head -c 1000000 /dev/zero");
  EXPECT_EQ(end.how, How::done);
  EXPECT_THAT(end.output, SizeIs(max_command_output));
  EXPECT_TRUE(end.output_cut);
}

TEST(OutboxRun, NoticesASignalWheneverItComesAndDoesNothingMore) {
  CommandRunner runner;
  EXPECT_TRUE(runner.wait(std::chrono::milliseconds(10)));
  ::raise(SIGTERM);
  const auto end = runner.run({"/bin/true"}, {}, std::chrono::seconds(30));
  EXPECT_EQ(end.how, How::interrupted);
  EXPECT_FALSE(runner.wait(std::chrono::hours(1)));
}

TEST(OutboxRun, KillsACommandWhenToldToEnd) {
  CommandRunner runner;
  const auto parent = std::to_string(::getpid());
  const auto end = runner.run({"/bin/sh", "-c", "kill -TERM " + parent + "; sleep 3600"},
                              {"PATH=/usr/bin:/bin"},
                              std::chrono::hours(2));
  EXPECT_EQ(end.how, How::interrupted);
}

}  // namespace
}  // namespace smokeledger::daemon::commands
