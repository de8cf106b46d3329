#include "daemon/commands/outbox_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::daemon::commands {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using How = CommandEnd::How;

CommandEnd shell(const std::string& script,
                 std::chrono::milliseconds timeout = std::chrono::seconds(30)) {
  return run_command(
      {"/bin/sh", "-c", script, "sh", "/outbox/a.json"}, {"PATH=/usr/bin:/bin"}, timeout);
}

TEST(OutboxRun, GivesTheArgumentsAsTheyAreAndKeepsWhatIsPrintedOnBothStreams) {
  const auto end = shell("echo \"$1\"; echo error >&2; cat");
  EXPECT_EQ(end.how, How::done);
  EXPECT_EQ(end.output, "/outbox/a.json\nerror\n");
  EXPECT_FALSE(end.output_cut);
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
  const auto absent = run_command({"/nonexistent/command"}, {}, std::chrono::seconds(1));
  EXPECT_EQ(absent.how, How::failed);
  EXPECT_THAT(absent.why, HasSubstr("No such file or directory"));
}

TEST(OutboxRun, KillsACommandThatIsLateWithItsGroup) {
  const auto end = shell("echo begun; sleep 60 & sleep 60", std::chrono::milliseconds(300));
  EXPECT_EQ(end.how, How::failed);
  EXPECT_EQ(end.why, "it did not end in time and was killed");
  EXPECT_EQ(end.output, "begun\n");
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

TEST(OutboxRun, WaitsUntilTheTimeIsOver) {
  EXPECT_TRUE(wait_uninterrupted(std::chrono::milliseconds(10)));
}

}  // namespace
}  // namespace smokeledger::daemon::commands
