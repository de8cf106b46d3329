#include "daemon/commands/ledger_break.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/application.h"
#include "tests/daemon/commands/command_line.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::daemon::commands {
namespace {

using exporters::ledger::Ledger;
using testing::HasSubstr;
using tests::command;

class LedgerBreak : public testing::Test {
 protected:
  LedgerBreak() {
    auto ledger = Ledger::open(tests::options_in(dir_.path())).value();
    EXPECT_TRUE(ledger->append(tests::run_of("chat-walk", 1), tests::at(tests::noon)));
  }
  void damage() {
    const auto file = tests::segment_files(dir_.path()).back();
    std::string bytes = tests::read_bytes(file);
    bytes[bytes.size() / 2] ^= 1;
    tests::write_bytes(file, bytes);
  }
  tests::Ran run() { return command({"ledger", "break", "--ledger", dir_.path().string()}); }

  tests::ScratchDir dir_;
};

TEST_F(LedgerBreak, SaysWhatItStates) {
  damage();
  const auto ran = run();
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr(" of ledger-00000000000000000000-"));
  EXPECT_THAT(ran.out, HasSubstr("its hash does not match its bytes. A new segment states that"));
  const auto verified =
      command({"ledger", "verify", "--ledger", dir_.path().string(), "-o", "json"});
  EXPECT_EQ(verified.exit_code, exit_failed) << "what is damaged stays damaged";
  EXPECT_THAT(verified.out, HasSubstr(R"("stated_breaks":[{"file":"ledger-)"));
  EXPECT_THAT(verified.out, HasSubstr(R"("problem":null)"));
}

TEST_F(LedgerBreak, RefusesWhereNothingIsDamaged) {
  const auto ran = run();
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.err, HasSubstr("nothing in the last segment is damaged"));
}

TEST_F(LedgerBreak, RefusesWhileTheLedgerIsWritten) {
  const auto writer = Ledger::open(tests::options_in(dir_.path())).value();
  damage();
  EXPECT_EQ(run().exit_code, exit_ledger_locked);
}

}  // namespace
}  // namespace smokeledger::daemon::commands
