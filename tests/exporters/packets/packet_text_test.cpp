// Packets as JSON and as Markdown, against golden files and against hostile text.
#include <cctype>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "exporters/packets/compose.h"
#include "probes/core/claims_guard.h"
#include "probes/core/disclaimer.h"
#include "tests/exporters/packets/scenes.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using packets::compose;
using packets::packet_json;
using packets::packet_markdown;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Scene {
  const char* name;
  packets::PacketEvidence (*make)(const Change&);
};
const Scene scenes[] = {
    {"policy", policy_scene}, {"alert", alert_scene}, {"by_hand", by_hand_scene}};

std::string golden(const std::string& file) {
  return read_bytes(std::string(SMOKELEDGER_SOURCE_DIR) + "/tests/golden/packets/" + file);
}

TEST(PacketsAsText, AreTheGoldenFiles) {
  for (const auto& scene : scenes) {
    const auto packet = compose(scene.make({}));
    const std::string name = scene.name;
    EXPECT_EQ(packet_markdown(packet), golden(name + ".md"));
    EXPECT_EQ(packet_json(packet), golden(name + ".json"));
  }
}

TEST(PacketsAsText, EndWithWhatTheyDoNotAssertAndAssertNoneOfIt) {
  for (const auto& scene : scenes) {
    const auto packet = compose(scene.make({}));
    for (const auto& text : {packet_markdown(packet), packet_json(packet)}) {
      EXPECT_THAT(text, HasSubstr(std::string(core::disclaimer)));
      std::string ours = text;
      ours.erase(ours.find(core::disclaimer), core::disclaimer.size());
      EXPECT_THAT(core::find_claims(ours), IsEmpty()) << ours;
    }
  }
}

TEST(PacketsAsJson, SayNullForWhatNobodyKnows) {
  const std::string json = packet_json(compose(by_hand_scene()));
  for (const char* unknown : {R"("http_status":null)",
                              R"("provider_request_id":null)",
                              R"("request_shape":null)",
                              R"("gateway":null)",
                              R"("gateway_retries":null)",
                              R"("acknowledged_at":null)",
                              R"("closed":null)",
                              R"("slice":null)"}) {
    EXPECT_THAT(json, HasSubstr(unknown));
  }
  EXPECT_THAT(json, HasSubstr(R"("fallback_taken":"unknown")"));
}

TEST(PacketsAsJson, HoldEveryFieldOfTheRunbooks) {
  const std::string json = packet_json(compose(policy_scene()));
  for (const char* field : {"ledger_id",
                            "check_id",
                            "endpoint_family",
                            "request_contract_version",
                            "request_id",
                            "status_class",
                            "retry_count",
                            "fallback_taken",
                            "fallback_decision",
                            "backoff_policy_seen",
                            "parser_result",
                            "operator_decision",
                            "operator_initials",
                            "operator_notes",
                            "follow_up_owner",
                            "evidence_links",
                            "prompt_class",
                            "remaining_uncertainty"}) {
    EXPECT_THAT(json, HasSubstr('"' + std::string(field) + "\":"));
  }
}

// What makes Markdown of a text: everything but words, code of harmless characters, what is escaped
// and what stands between fences.
std::vector<std::string> structure(const std::string& markdown) {
  static const std::regex harmless_code("`[A-Za-z0-9._:/+-]+`");
  static const std::regex escapes(R"(\\.)");
  std::vector<std::string> found;
  std::string fence;
  for (const auto& line : split_lines(markdown)) {
    const bool marks = line.starts_with("```");
    if (!fence.empty()) {
      if (marks && line == fence) fence.clear();
      found.emplace_back(fence.empty() ? "end of fence" : "fenced");
      continue;
    }
    if (marks) fence = line.substr(0, line.find_first_not_of('`'));
    std::string rest = std::regex_replace(line, escapes, "");
    rest = std::regex_replace(rest, harmless_code, "");
    if (marks) rest = "fence";
    std::erase_if(rest, [](unsigned char c) {
      return std::isalnum(c) || c >= 0x80 || c == ' ' ||
             std::string_view(".,;'/%?+-=\"").find(static_cast<char>(c)) != std::string_view::npos;
    });
    const bool item = line.starts_with("- ") || line.starts_with("  - ");
    found.push_back((item ? "- " : "") + rest);
  }
  return found;
}

const std::string_view hostile_texts[] = {
    "x",
    "[click](https://evil.example)",
    "![image](https://evil.example/x.png)",
    "<script>alert(1)</script>",
    "<https://evil.example>",
    "a | b | c",
    "\n# heading\n",
    "\n\n| a | b |\n| - | - |\n",
    "```\nend of fence\n```",
    "``````````",
    "\n~~~\n",
    "`",
    "``",
    "\\",
    "\\`",
    "*_~**__~~",
    "&lt;script&gt; &#x3C;",
    "\xE2\x80\xAEtxet desrever\xE2\x80\xAC",
    "\xE2\x81\xA6isolated",
    "nul\0byte",
    "https://evil.example www.evil.example someone@evil.example @someone #17",
    "- item",
    "1. item",
    "    code",
    "> quote",
    "---",
    "===",
    "\r\n\r\n<!-- ",
    "]]>",
    "$(reboot) `reboot`",
    "\xFF\xFE\xC0\x80",
};

TEST(PacketsAsMarkdown, HaveTheSameStructureWhateverOthersWrote) {
  for (const auto& scene : scenes) {
    const auto usual = structure(packet_markdown(compose(scene.make({}))));
    for (const auto text : hostile_texts) {
      const auto evidence = scene.make([&](std::string& changed) { changed = text; });
      const std::string markdown = packet_markdown(compose(evidence));
      EXPECT_EQ(structure(markdown), usual) << scene.name << ": " << text << '\n' << markdown;
      EXPECT_THAT(markdown, Not(HasSubstr("\xE2\x80\xAE")));
      EXPECT_THAT(markdown, Not(HasSubstr("\r")));
    }
  }
}

TEST(PacketsAsJson, AreJsonWhateverOthersWrote) {
  simdjson::dom::parser parser;
  for (const auto& scene : scenes) {
    for (const auto text : hostile_texts) {
      const auto evidence = scene.make([&](std::string& changed) { changed = text; });
      const std::string json = packet_json(compose(evidence));
      simdjson::dom::element document;
      ASSERT_EQ(parser.parse(json).get(document), simdjson::SUCCESS) << text;
      EXPECT_TRUE(document.is_object());
      EXPECT_EQ(json.find('\n'), json.size() - 1);
    }
  }
}

}  // namespace
}  // namespace smokeledger::tests
