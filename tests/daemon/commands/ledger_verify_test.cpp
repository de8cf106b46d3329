#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/checkpoint.h"
#include "exporters/ledger/ledger.h"
#include "exporters/ledger/signed_note.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using tests::command;
using tests::Ran;

constexpr int behind = 2;
constexpr int fork = 3;
constexpr int unusable = 4;

// Five lines, the fourth a checkpoint, and files beside them.
class VerifyCommand : public testing::Test {
 protected:
  VerifyCommand() {
    const auto ledger =
        exporters::ledger::Ledger::open(tests::signing_options_in(path("ledger"))).value();
    name_ = ledger->name();
    EXPECT_TRUE(ledger->append(steps(2), tests::at(tests::noon)));
    checkpoint_ = {ledger->next_seq(), ledger->head(), name_};
    EXPECT_TRUE(ledger->checkpoint(tests::at(tests::noon)));
    EXPECT_TRUE(ledger->append(steps(1), tests::at(tests::noon)));
    key_ = tests::sample_key().verifier().text();
  }

  static std::vector<core::Line> steps(std::size_t count) {
    return std::vector<core::Line>(count, core::ClockStepLine{1});
  }
  std::string path(const std::string& name) const { return dir_.path() / name; }
  std::string file(const std::string& name, const std::string& bytes) const {
    tests::write_bytes(path(name), bytes);
    return path(name);
  }
  std::string id(int seq) const { return name_ + "-" + std::to_string(seq); }
  std::string note(exporters::ledger::Checkpoint checkpoint) const {
    return sign_note(tests::sample_key(), checkpoint_text(checkpoint));
  }
  Ran verify(std::vector<std::string> flags, bool terminal = false) const {
    flags.insert(flags.begin(), {"ledger", "verify", "--ledger", path("ledger")});
    return command(flags, terminal);
  }
  void cut_to(std::size_t count) const {
    const auto segment = tests::segment_files(path("ledger")).front();
    std::string bytes;
    for (const auto& line : tests::split_lines(tests::read_bytes(segment))) {
      if (count-- > 0) bytes += line + "\n";
      if (count == 0) break;
    }
    tests::write_bytes(segment, bytes);
  }

  tests::ScratchDir dir_;
  std::string name_;
  std::string key_;
  exporters::ledger::Checkpoint checkpoint_;
};

TEST_F(VerifyCommand, SaysWhichLinesAreSigned) {
  const auto ran = verify({"--key", key_}, true);
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.out << ran.err;
  EXPECT_THAT(
      ran.out,
      AllOf(StartsWith("ledger " + name_ + ": 5 lines in 1 segment verified"),
            HasSubstr("\nsigned: lines 0 to 2, by 1 checkpoint; not signed: lines 3 to 4\n")));
  EXPECT_THAT(
      verify({"--key", file("key", key_ + "\n")}).out,
      HasSubstr(R"("checkpoints":1,"signatures_checked":true,"stated_breaks":[],"problem":null})"));
  EXPECT_THAT(verify({}).out, HasSubstr(R"("signatures_checked":false)"));
}

TEST_F(VerifyCommand, OfCheckpointsOfAnotherKeyExitsWithOne) {
  const auto ran = verify({"--key", tests::sample_key(8).verifier().text()});
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.out, HasSubstr("it is not signed by a key that was given"));
}

TEST_F(VerifyCommand, SaysUpToWhereTheLedgerIsAnchored) {
  const auto ran = verify({"--checkpoint", file("note", note(checkpoint_))}, true);
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.out << ran.err;
  EXPECT_THAT(ran.out,
              HasSubstr("\nanchored: lines 0 to 2; not anchored: lines 3 to 4\n"
                        "anchors: 1 matching 0 fork 0 behind 0 not_checkable 0 other_ledger\n"));
  EXPECT_THAT(verify({"--checkpoint", path("note"), "--key", key_}).out,
              HasSubstr(R"("anchors":{"matching":1,"fork":0,"behind":0,"not_checkable":0,)"
                        R"("other_ledger":0,"not_matching":[]},"anchored_lines":{"from":0,"to":2},)"
                        R"("unanchored_lines":{"from":3,"to":4}})"));
}

TEST_F(VerifyCommand, OfALedgerThatWasCutExitsWithTwo) {
  file("note", note(checkpoint_));
  cut_to(2);
  EXPECT_EQ(verify({}).exit_code, exit_ok) << "alone it does not show";
  const auto ran = verify({"--checkpoint", path("note")}, true);
  EXPECT_EQ(ran.exit_code, behind);
  EXPECT_THAT(ran.out,
              HasSubstr("\nanchor of 3 lines (" + path("note") +
                        "): the ledger ends before it: lines were cut off\n"));
}

TEST_F(VerifyCommand, OfALedgerThatWasRewrittenExitsWithThree) {
  auto other = checkpoint_;
  other.head[31] ^= 1;
  const auto ran = verify({"--checkpoint",
                           file("note", note(checkpoint_)),
                           "--checkpoint",
                           file("other", note(other))});
  EXPECT_EQ(ran.exit_code, fork);
  EXPECT_THAT(ran.out, HasSubstr(R"("not_matching":[{"lines":3,"state":"fork","source":")"));
}

TEST_F(VerifyCommand, DoesNotPassWhatItCouldNotCheck) {
  auto other = checkpoint_;
  other.ledger = "other-0a1b2c3d";
  EXPECT_EQ(verify({"--checkpoint", file("note", note(other))}).exit_code, unusable);
  EXPECT_EQ(verify({"--checkpoint", file("note", "{}")}).exit_code, unusable);
  EXPECT_EQ(verify({"--checkpoint", path("missing")}).exit_code, unusable);
  EXPECT_EQ(verify({"--anchors", file("anchors", "{}")}).exit_code, unusable);
  EXPECT_EQ(verify({"--key", path("missing")}).exit_code, unusable);
  const auto wrong_key = verify({"--checkpoint",
                                 file("note", note(checkpoint_)),
                                 "--key",
                                 tests::sample_key(8).verifier().text()});
  EXPECT_EQ(wrong_key.exit_code, unusable);
  EXPECT_THAT(wrong_key.err, HasSubstr("note: it is not signed by a key that was given"));
}

TEST_F(VerifyCommand, HoldsTheLedgerAgainstThePrometheusGauges) {
  const auto numbers = exporters::ledger::head_numbers(checkpoint_.head);
  const auto gauge = [&](const std::string& which, std::uint64_t value) {
    return R"({"metric":{"__name__":"smokeledger_ledger_checkpoint_)" + which + R"(","ledger":")" +
           name_ + R"("},"value":[1764000000,")" + std::to_string(value) + "\"]}";
  };
  const auto answer = [&](std::uint64_t low) {
    return R"({"status":"success","data":{"resultType":"vector","result":[)" + gauge("lines", 3) +
           "," + gauge("head_high", numbers.high) + "," + gauge("head_low", low) + "]}}";
  };
  EXPECT_EQ(verify({"--anchors", file("good", answer(numbers.low))}).exit_code, exit_ok);
  EXPECT_EQ(verify({"--anchors", file("bad", answer(numbers.low ^ 1U))}).exit_code, fork);
}

TEST_F(VerifyCommand, ChecksAnExportedSliceWithoutTheLedger) {
  const auto slice = path("slice");
  ASSERT_EQ(
      command({"ledger", "export", "--ledger", path("ledger"), "--from", id(1), "--file", slice})
          .exit_code,
      exit_ok);
  const auto printed = command({"ledger", "export", "--ledger", path("ledger"), "--from", id(1)});
  EXPECT_EQ(printed.out, tests::read_bytes(slice));
  EXPECT_EQ(tests::split_lines(printed.out).size(), 3U);
  const auto ran = command({"ledger", "verify", "--slice", slice, "--key", key_}, true);
  EXPECT_EQ(ran.exit_code, exit_ok);
  EXPECT_EQ(ran.out,
            "slice of ledger " + name_ +
                ": lines 1 to 3 verified, covered by the signed checkpoint that ends it\n");
  EXPECT_EQ(command({"ledger", "verify", "--slice", slice, "--key", key_}).out,
            R"({"ledger":")" + name_ +
                R"(","first_line":1,"verified_lines":3,"problem":null})"
                "\n");
  std::string bytes = printed.out;
  bytes[100] ^= 1;
  file("slice", bytes);
  EXPECT_EQ(command({"ledger", "verify", "--slice", slice, "--key", key_}).exit_code, exit_failed);
  file("slice", "");
  EXPECT_EQ(command({"ledger", "verify", "--slice", slice, "--key", key_}).exit_code, unusable);
}

TEST_F(VerifyCommand, ExportsNothingBeforeACheckpointStandsBehindIt) {
  const auto ran =
      command({"ledger", "export", "--ledger", path("ledger"), "--from", id(0), "--to", id(4)});
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, HasSubstr("no checkpoint stands behind " + id(4) + " yet"));
  EXPECT_EQ(command({"ledger", "export", "--ledger", path("ledger"), "--from", id(9)}).exit_code,
            unusable);
  EXPECT_EQ(command({"ledger",
                     "export",
                     "--ledger",
                     path("ledger"),
                     "--from",
                     id(0),
                     "--file",
                     path("no/such/folder")})
                .exit_code,
            unusable);
}

TEST_F(VerifyCommand, TakesALedgerOrASliceWithAKeyAndNothingElse) {
  for (const std::vector<std::string>& flags :
       std::vector<std::vector<std::string>>{{},
                                             {"--slice", "x"},
                                             {"--slice", "x", "--ledger", "y", "--key", key_},
                                             {"--slice", "x", "--key", key_, "--checkpoint", "y"},
                                             {"--slice", "x", "--key", key_, "--anchors", "y"}}) {
    std::vector<std::string> words{"ledger", "verify"};
    words.insert(words.end(), flags.begin(), flags.end());
    EXPECT_EQ(command(words).exit_code, exit_usage);
  }
}

}  // namespace
}  // namespace smokeledger::daemon::commands
