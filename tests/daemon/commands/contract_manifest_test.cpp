#include "daemon/commands/contract_manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::daemon::commands {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(ReadManifest, TakesTheDocumentedReplyWhereALineSaysNothingElse) {
  const auto read = read_manifest("saved/m.jsonl",
                                  R"({"file":"a.json","family":"responses"})"
                                  "\r\n"
                                  R"({"file":"b.sse","family":"messages","stream":true})");
  EXPECT_THAT(read.errors, IsEmpty());
  ASSERT_THAT(read.replies, SizeIs(2));
  const SavedReply& first = read.replies[0];
  EXPECT_EQ(first.name, "a.json");
  EXPECT_EQ(first.path, "saved/a.json");
  EXPECT_EQ(first.where, "saved/m.jsonl:1");
  EXPECT_EQ(first.family, core::EndpointFamily::responses);
  EXPECT_FALSE(first.stream);
  EXPECT_EQ(first.http_status, 200);
  EXPECT_EQ(first.content_type, "application/json");
  EXPECT_FALSE(first.expected);
  EXPECT_TRUE(read.replies[1].stream);
  EXPECT_EQ(read.replies[1].content_type, "text/event-stream");
}

TEST(ReadManifest, TakesWhatALineSays) {
  const auto read = read_manifest(
      "m.jsonl",
      R"({"file":"/x/a","family":"messages","http_status":529,"content_type":"","expected":"deviant"})");
  ASSERT_THAT(read.replies, SizeIs(1));
  EXPECT_EQ(read.replies[0].path, "/x/a");
  EXPECT_EQ(read.replies[0].http_status, 529);
  EXPECT_EQ(read.replies[0].content_type, "") << "no such header";
  EXPECT_EQ(read.replies[0].expected, core::Verdict::deviant);
}

TEST(ReadManifest, NamesEveryMemberThatCannotBeUsed) {
  struct Case {
    const char* line;
    const char* problem;
  };
  const Case cases[] = {
      {"[]", "not one JSON object"},
      {R"({"family":"messages"})", "file is absent"},
      {R"({"file":7,"family":"messages"})", "file is of another type"},
      {R"({"file":"a"})", "family is absent"},
      {R"({"file":"a","family":"messages","stream":"yes"})", "stream is of another type"},
      {R"({"file":"a","family":"messages","http_status":"200"})", "http_status is of another type"},
      {R"({"file":"a","family":"messages","http_status":99})", "http_status is not an HTTP status"},
      {R"({"file":"a","family":"messages","content_type":1})", "content_type is of another type"},
      {R"({"file":"a","family":"messages","expected":"good"})", "expected is not a verdict"},
  };
  for (const auto& [line, problem] : cases) {
    const auto read = read_manifest("m.jsonl", std::string("\n") + line + '\n');
    ASSERT_THAT(read.errors, testing::Not(IsEmpty())) << line;
    EXPECT_THAT(read.errors[0], testing::StartsWith("m.jsonl:2: ")) << line;
    EXPECT_THAT(read.errors[0], HasSubstr(problem)) << line;
  }
}

TEST(ReadManifest, OfNothingIsAnError) {
  EXPECT_THAT(read_manifest("m.jsonl", "\n").errors, ElementsAre(HasSubstr("names no file")));
}

}  // namespace
}  // namespace smokeledger::daemon::commands
