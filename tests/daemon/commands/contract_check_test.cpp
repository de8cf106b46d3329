#include "daemon/commands/contract_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/daemon/commands/command_line.h"
#include "tests/daemon/commands/saved_replies.h"

namespace smokeledger::daemon::commands {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
using tests::command;
using Words = std::vector<std::string>;

class ContractCheck : public testing::Test {
 protected:
  // `contract check --family chat_completions` with more words.
  static tests::Ran check(const Words& more, bool out_is_terminal = false) {
    Words words{"contract", "check", "--family", "chat_completions"};
    words.insert(words.end(), more.begin(), more.end());
    return command(words, out_is_terminal);
  }
  tests::Ran check_manifest(std::string_view lines, bool out_is_terminal = false) const {
    return command({"contract", "check", "--manifest", saved.write("manifest.jsonl", lines)},
                   out_is_terminal);
  }

  tests::SavedReplies saved;
};

TEST_F(ContractCheck, PrintsOneLineAFileAndSucceedsWhenAllHaveTheDocumentedShape) {
  const auto ran = check({saved.path("good.json"), saved.path("good.json")});
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  const std::string line = R"({"file":")" + saved.path("good.json") +
                           R"(","family":"chat_completions","verdict":"documented_shape",)"
                           R"("parser_result":"accepted","findings":[],"additive":1})";
  EXPECT_THAT(tests::split_lines(ran.out), ElementsAre(line, line));
  EXPECT_THAT(ran.err, IsEmpty());
}

TEST_F(ContractCheck, FailsWhenOneFileHasAnotherShapeAndSaysWhere) {
  const auto ran = check({saved.path("good.json"), saved.path("rejected.json")});
  EXPECT_EQ(ran.exit_code, exit_failed);
  const auto lines = tests::split_lines(ran.out);
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[1],
              HasSubstr(R"("verdict":"deviant","parser_result":"rejected",)"
                        R"("findings":[{"code":"missing_member","path":"model"}])"));
}

TEST_F(ContractCheck, ReadsAnErrorStatusForItsErrorObjectOnly) {
  const auto ran = check({"--http-status", "429", saved.path("error.json")});
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.out, HasSubstr(R"("verdict":"error_object","parser_result":"not_checked")"));
}

TEST_F(ContractCheck, ReadsEventStreamsWithTheirDocumentedContentType) {
  EXPECT_EQ(check({"--stream", saved.path("good.sse")}).exit_code, exit_ok);
  const auto cut = check({"--stream", saved.path("cut.sse")});
  EXPECT_EQ(cut.exit_code, exit_failed);
  EXPECT_THAT(cut.out, HasSubstr(R"({"code":"truncated_stream")"));
  const auto plain = check({"--stream", "--content-type", "text/html", saved.path("good.sse")});
  EXPECT_EQ(plain.exit_code, exit_failed);
  EXPECT_THAT(plain.out, HasSubstr("wrong_content_type"));
}

TEST_F(ContractCheck, HoldsAGivenContentTypeAgainstTheBody) {
  const auto ran = check({"--content-type", "text/html", saved.path("good.json")});
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_THAT(ran.out, HasSubstr("wrong_content_type"));
}

TEST_F(ContractCheck, PrintsATableOnATerminal) {
  const auto ran = check({saved.path("good.json"), saved.path("rejected.json")}, true);
  const auto lines = tests::split_lines(ran.out);
  ASSERT_THAT(lines, SizeIs(3));
  EXPECT_THAT(lines[0], StartsWith("FILE"));
  EXPECT_THAT(lines[1], HasSubstr("chat_completions  documented_shape"));
  EXPECT_THAT(lines[2], HasSubstr("missing_member at model"));
}

TEST_F(ContractCheck, OfAFileThatCannotBeReadIsTwoAndChecksTheOthers) {
  const auto ran = check({saved.path("gone.json"), saved.path("rejected.json")});
  EXPECT_EQ(ran.exit_code, exit_usage);
  EXPECT_THAT(ran.err, StartsWith(saved.path("gone.json") + ": cannot read: no such file"));
  EXPECT_THAT(tests::split_lines(ran.out), SizeIs(1));
}

TEST_F(ContractCheck, OfAFamilyWithoutStreamsRefusesToReadOne) {
  const auto ran =
      command({"contract", "check", "--family", "embeddings", "--stream", saved.path("good.sse")});
  EXPECT_EQ(ran.exit_code, exit_usage);
  EXPECT_THAT(ran.err, HasSubstr("the contract of embeddings has no streams"));
  EXPECT_THAT(ran.out, IsEmpty());
}

TEST_F(ContractCheck, WithoutFilesOrWithTwoKindsOfInputIsAUsageError) {
  const std::string good = saved.path("good.json");
  const std::vector<Words> wrong{
      {"contract", "check"},
      {"contract", "check", good},
      {"contract", "check", "--family", "chat_completions"},
      {"contract", "check", "--family", "chat", good},
      {"contract", "check", "--manifest", "m.jsonl", good},
      {"contract", "check", "--manifest", "m.jsonl", "--family", "responses"},
      {"contract", "check", "--manifest", saved.path("gone.jsonl")},
      {"contract", "check", "--contracts", saved.path("gone"), "--family", "responses", good}};
  for (const Words& words : wrong) {
    const auto ran = command(words);
    EXPECT_EQ(ran.exit_code, exit_usage) << testing::PrintToString(words);
    EXPECT_NE(ran.err, "") << testing::PrintToString(words);
    EXPECT_EQ(ran.out, "") << testing::PrintToString(words);
  }
}

TEST_F(ContractCheck, OfAManifestReadsEachFileAsItsLineSays) {
  const auto ran = check_manifest(
      R"({"file":"good.json","family":"chat_completions"})"
      "\n\n"
      R"({"file":"good.sse","family":"chat-completions","stream":true,"provider":"somebody"})"
      "\n");
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.err;
  EXPECT_THAT(tests::split_lines(ran.out),
              ElementsAre(StartsWith(R"({"file":"good.json","family":"chat_completions")"),
                          StartsWith(R"({"file":"good.sse","family":"chat_completions")")));
  EXPECT_THAT(ran.err, IsEmpty());
}

TEST_F(ContractCheck, OfAManifestWithExpectationsSucceedsWhenEachIsMet) {
  const auto ran = check_manifest(
      R"({"file":"rejected.json","family":"chat_completions","expected":"deviant"})"
      "\n"
      R"({"file":"error.json","family":"chat_completions","http_status":400,)"
      R"("expected":"error_object"})"
      "\n"
      R"({"file":"cut.sse","family":"chat_completions","stream":true,"expected":"deviant"})");
  EXPECT_EQ(ran.exit_code, exit_ok) << ran.out;
  EXPECT_EQ(ran.err, "0 of 3 are not as expected\n");
  EXPECT_THAT(ran.out, HasSubstr(R"("verdict":"error_object","expected":"error_object")"));
}

TEST_F(ContractCheck, OfAManifestWithExpectationsCountsWhatDiffers) {
  constexpr std::string_view lines =
      R"({"file":"good.json","family":"chat_completions","expected":"deviant"})"
      "\n"
      R"({"file":"rejected.json","family":"chat_completions","expected":"deviant"})"
      "\n"
      R"({"file":"error.json","family":"chat_completions"})";
  const auto ran = check_manifest(lines);
  EXPECT_EQ(ran.exit_code, exit_failed);
  EXPECT_EQ(ran.err, "2 of 3 are not as expected\n") << "without a word: documented_shape";
  EXPECT_THAT(check_manifest(lines, true).out, HasSubstr("documented_shape  deviant"));
}

TEST_F(ContractCheck, OfAManifestThatCannotBeUsedNamesEveryLineAndChecksNothing) {
  const auto ran =
      check_manifest(R"({"file":"good.json","family":"chat_completions"})"
                     "\n{\n"
                     R"({"file":"good.json","family":"chat"})"
                     "\n"
                     R"({"file":"good.json","family":"chat_completions","expected":"fine"})"
                     "\n");
  EXPECT_EQ(ran.exit_code, exit_usage);
  const std::string file = saved.path("manifest.jsonl");
  EXPECT_THAT(tests::split_lines(ran.err),
              ElementsAre(StartsWith(file + ":2: "),
                          StartsWith(file + ":3: family"),
                          StartsWith(file + ":4: expected")));
  EXPECT_THAT(ran.out, IsEmpty());
}

TEST_F(ContractCheck, OfAManifestNamesTheLineThatAsksForAStreamWhereThereIsNone) {
  const auto ran = check_manifest(R"({"file":"x","family":"embeddings","stream":true})");
  EXPECT_EQ(ran.exit_code, exit_usage);
  EXPECT_THAT(ran.err, StartsWith(saved.path("manifest.jsonl") + ":1: "));
}

}  // namespace
}  // namespace smokeledger::daemon::commands
