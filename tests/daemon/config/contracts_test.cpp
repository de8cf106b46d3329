// The contract files: what is shipped, what replaces it, and what is refused.
#include "daemon/config/contracts.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/digest.h"
#include "probes/core/reading.h"
#include "tests/daemon/config/sample.h"

namespace smokeledger::daemon::config {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const std::string shipped = SMOKELEDGER_SOURCE_DIR "/etc/contracts/";

// A folder of its own for each test, removed with it.
class ContractsFolder : public testing::Test {
 protected:
  void SetUp() override {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::path(testing::TempDir()) /
              (std::string("contracts-") + std::to_string(::getpid()) + "-" + info->name());
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return (folder_ / name).string();
  }

  std::filesystem::path folder_;
};

std::string edited(const std::string& family, const std::string& from, const std::string& to) {
  std::string text = file_text(shipped + family + ".toml");
  return text.replace(text.find(from), from.size(), to);
}

TEST(BuiltInContracts, are_the_bytes_of_etc_contracts_one_for_each_family) {
  ASSERT_THAT(built_in_contract_files(), SizeIs(core::every<core::EndpointFamily>().size()));
  for (const ContractFile& file : built_in_contract_files()) {
    EXPECT_EQ(std::string(file.bytes), file_text(shipped + file.name)) << file.name;
  }
}

TEST(BuiltInContracts, are_valid_and_name_their_source_and_its_date) {
  const ContractsResult result = load_contracts("");
  EXPECT_THAT(result.errors, IsEmpty());
  ASSERT_THAT(result.contracts, SizeIs(core::every<core::EndpointFamily>().size()));
  for (const auto family : core::every<core::EndpointFamily>()) {
    const core::Contract& contract = *result.contracts[static_cast<std::size_t>(family)];
    EXPECT_EQ(contract.family, family);
    EXPECT_FALSE(contract.rules.empty());
    EXPECT_FALSE(contract.error_rules.empty());
    ASSERT_FALSE(contract.sources.empty());
    EXPECT_THAT(contract.sources[0].url, HasSubstr("https://apidoc.cometapi.com/api/text/"));
    EXPECT_GE(contract.accessed, "2026-07-04");
    EXPECT_THAT(contract.request.path + contract.request.body, HasSubstr("{model}"));
    EXPECT_EQ(contract.stream.has_value(), family != core::EndpointFamily::embeddings);
  }
}

TEST(ContractVersion, is_the_documented_day_and_the_digest_of_the_files_bytes) {
  const std::string text = file_text(shipped + "responses.toml");
  const auto result = read_contract("responses.toml", text);
  ASSERT_TRUE(result.contract);
  EXPECT_EQ(result.contract->version, "responses/2026-07-03+" + sha256_hex(text).substr(0, 12));
  const auto commented = read_contract("responses.toml", text + "# edited\n");
  ASSERT_TRUE(commented.contract);
  EXPECT_NE(commented.contract->version, result.contract->version);
}

TEST_F(ContractsFolder, replaces_the_built_in_contract_of_the_same_family_only) {
  write("responses.toml", edited("responses", "version = 2026-07-03", "version = 2026-08-01"));
  const auto result = load_contracts(folder_.string());
  EXPECT_THAT(result.errors, IsEmpty());
  ASSERT_THAT(result.contracts, SizeIs(core::every<core::EndpointFamily>().size()));
  EXPECT_THAT(result.contracts[0]->version, HasSubstr("chat_completions/2026-07-03+"));
  EXPECT_THAT(result.contracts[1]->version, HasSubstr("responses/2026-08-01+"));
}

constexpr const char* stricter = R"(extends = "built-in"
family = "chat_completions"
rules = [{ path = "choices[0].message.content", types = ["string"] }]
stream_rules = [{ path = "system_fingerprint", types = ["string"] }]
)";

TEST_F(ContractsFolder, adds_rules_to_the_built_in_contract_that_a_file_extends) {
  write("chat_completions.toml", stricter);
  const auto result = load_contracts(folder_.string());
  EXPECT_THAT(sample::errors({std::nullopt, result.errors}), "");
  const core::Contract& own = *result.contracts[0];
  const auto shipped_contract = load_contracts("").contracts[0];
  const core::Contract& built_in = *shipped_contract;
  EXPECT_EQ(own.rules.size(), built_in.rules.size() + 1);
  EXPECT_EQ(own.stream->events.size(), built_in.stream->events.size() + 1);
  EXPECT_THAT(own.version, HasSubstr("chat_completions/2026-07-03+"));
  EXPECT_NE(own.version, built_in.version);
  const std::string reply =
      R"({"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,)"
      R"("finish_reason":"stop","message":{"role":"assistant","content":null}}]})";
  EXPECT_EQ(core::check(built_in, 200, "", reply).parser_result, core::ParserResult::accepted);
  EXPECT_EQ(
      core::check(own, 200, "", reply).findings,
      (std::vector<core::Finding>{{core::FindingCode::wrong_type, "choices[0].message.content"}}));
}

TEST(Extension, changes_its_version_with_its_own_bytes) {
  const std::string text = stricter;
  const auto one = read_contract("chat_completions.toml", text);
  const auto other = read_contract("chat_completions.toml", text + "# a word\n");
  ASSERT_TRUE(one.contract);
  ASSERT_TRUE(other.contract);
  EXPECT_NE(one.contract->version, other.contract->version);
}

TEST(Extension, is_refused_where_it_says_more_than_it_may_or_less_than_it_must) {
  const auto errors = [](const std::string& text) {
    return sample::errors({std::nullopt, read_contract("c.toml", text).errors});
  };
  EXPECT_THAT(errors("extends = \"other\"\nfamily = \"messages\"\n"),
              HasSubstr("extends names no contract; write extends = \"built-in\""));
  EXPECT_THAT(errors("extends = \"built-in\"\n"), HasSubstr("family is missing"));
  EXPECT_THAT(errors("extends = \"built-in\"\nfamily = \"chats\"\n"),
              HasSubstr("family is 'chats'"));
  EXPECT_THAT(errors("extends = \"built-in\"\nfamily = \"messages\"\npath = \"/v2\"\n"),
              HasSubstr("unknown key path"));
  EXPECT_THAT(errors("extends = \"built-in\"\nfamily = \"embeddings\"\n"
                     "stream_rules = [{ path = \"a\", types = [\"string\"] }]\n"),
              HasSubstr("stream_rules of a family without streams"));
}

TEST_F(ContractsFolder, is_taken_relative_to_the_configuration_file) {
  write("responses.toml", edited("responses", "version = 2026-07-03", "version = 2026-08-01"));
  const std::string file = write("smokeledger.toml", "contracts_dir = \".\"\n" + sample::whole());
  const auto result = load_config(file);
  ASSERT_TRUE(result.config) << sample::errors(result);
  EXPECT_THAT(result.config->probes[0]->routes[1]->contract->version,
              HasSubstr("responses/2026-08-01+"));
}

TEST_F(ContractsFolder, shows_errors_of_a_contract_file_beside_those_of_the_configuration) {
  write("responses.toml", edited("responses", "accessed = 2026-07-04", "accesed = 2026-07-04"));
  const std::string file =
      write("smokeledger.toml", "contracts_dir = \".\"\n" + sample::with("\"walk\"", "\"wlak\""));
  const auto result = load_config(file);
  EXPECT_FALSE(result.config);
  EXPECT_THAT(sample::errors(result), HasSubstr("responses.toml:1:1: accessed is missing"));
  EXPECT_THAT(sample::errors(result), HasSubstr("responses.toml:5:1: unknown key accesed"));
  EXPECT_THAT(sample::errors(result), HasSubstr("smokeledger.toml:37:8: probes.mode is 'wlak'"));
}

TEST_F(ContractsFolder, must_exist_and_name_each_file_by_its_family) {
  const std::string absent = (folder_ / "absent").string();
  EXPECT_THAT(sample::errors({std::nullopt, load_contracts(absent).errors}),
              HasSubstr("absent: the folder of contract files does not exist; "));
  write("responses.toml", file_text(shipped + "chat_completions.toml"));
  EXPECT_THAT(sample::errors({std::nullopt, load_contracts(folder_.string()).errors}),
              HasSubstr("responses.toml: the file's name is not its family; "));
}

struct BadEdit {
  const char* name;
  std::string from;
  std::string to;
  std::string error;
};

void PrintTo(const BadEdit& edit, std::ostream* out) {
  *out << edit.name;
}

class BadContract : public testing::TestWithParam<BadEdit> {};

TEST_P(BadContract, is_refused_with_the_reason) {
  const auto& [name, from, to, error] = GetParam();
  const auto result = read_contract("c.toml", edited("chat_completions", from, to));
  EXPECT_FALSE(result.contract);
  EXPECT_THAT(sample::errors({std::nullopt, result.errors}), HasSubstr(error));
}

INSTANTIATE_TEST_SUITE_P(
    by_rule,
    BadContract,
    testing::Values(
        BadEdit{
            "family", "\"chat_completions\"", "\"chats\"", "family is 'chats', which this build"},
        BadEdit{"version",
                "version = 2026-07-03",
                "version = \"v1\"",
                "version is a string, not a date"},
        BadEdit{"docs_home",
                "docs_home = \"https",
                "docs_home = \"http",
                "docs_home is not an https URL"},
        BadEdit{
            "auth", "auth = [\"bearer\"]", "auth = [\"basic\"]", "'basic' is not an auth scheme"},
        BadEdit{"path", "path = \"/v1", "path = \"v1", "path is not a plain request path"},
        BadEdit{"body_json", "'{\"model\"", "'[\"model\"", "body is not a JSON object"},
        BadEdit{"body_model",
                "\"model\":\"{model}\"",
                "\"model\":\"a-model\"",
                "body does not have {model} as its model"},
        BadEdit{"body_tokens",
                "tokens\":256",
                "tokens\":255",
                "body does not ask for output_tokens_at_most"},
        BadEdit{"body_members",
                "[\"model\", \"messages\", ",
                "[\"model\", ",
                "body has other members than request_members"},
        BadEdit{"member_path",
                "\"usage.prompt_tokens\"",
                "\"usage..tokens\"",
                "input_tokens_path is not a member path"},
        BadEdit{"rule_path",
                "path = \"choices[].index\"",
                "path = \"choices[x].index\"",
                "rules.path is not a member path"},
        BadEdit{
            "rule_types", "types = [\"integer\"]", "types = [\"int\"]", "'int' is not a JSON type"},
        BadEdit{"rule_values",
                "types = [\"integer\"]",
                "types = [\"integer\"], values = [\"1\"]",
                "values for a value that may not be of type string"},
        BadEdit{"rule_not_empty",
                "types = [\"integer\"]",
                "types = [\"integer\"], not_empty = true",
                "not_empty for a value that may not be of type string"},
        BadEdit{"rule_min_items",
                "types = [\"integer\"]",
                "types = [\"integer\"], min_items = 1",
                "min_items for a value that may not be of type array"},
        BadEdit{"rule_item_types",
                "types = [\"integer\"]",
                "types = [\"integer\"], item_types = [\"string\"]",
                "item_types for a value that may not be of type array"},
        BadEdit{"rule_any_of",
                "types = [\"integer\"]",
                "types = [\"integer\"], any_of = [\"a\"]",
                "any_of for a value that may not be of type object"},
        BadEdit{"rule_any_of_path",
                "any_of = [\"function\", \"custom\"]",
                "any_of = [\"function[]\"]",
                "is not a member path without elements"},
        BadEdit{"rule_open",
                "types = [\"integer\"]",
                "types = [\"integer\"], open = true",
                "open without values"},
        BadEdit{"rule_when",
                "types = [\"integer\"]",
                "types = [\"integer\"], when_member = \"type\"",
                "when_member and when_value belong together"},
        BadEdit{"rule_event",
                "types = [\"integer\"]",
                "types = [\"integer\"], event = \"x\"",
                "event outside stream_rules"},
        BadEdit{"stream_event",
                "{ path = \"object\", types = [\"string\"], values = [\"chat.completion.chunk\"]",
                "{ event = \"x\", path = \"object\", types = [\"string\"], values = "
                "[\"chat.completion.chunk\"]",
                "of a stream without type_path"},
        BadEdit{
            "stream_body", "\"stream\":true", "\"stream\":tru", "stream.body is not a JSON object"},
        BadEdit{"override_reason",
                "reason = \"bad_request\"",
                "reason = \"bad\"",
                "not a reason of a failure"},
        BadEdit{"override_status",
                "http_status = 500",
                "http_status = 99",
                "http_status is out of range"},
        BadEdit{"request_id_path",
                "path = \"error.message\"\nafter",
                "path = \"error[0]\"\nafter",
                "request_ids.path is not a member path"},
        BadEdit{"secret",
                "purpose = \"verify chat",
                "purpose = \"Bearer 0123456789abcdef",
                "sources.purpose looks like a credential"}),
    [](const auto& edit) { return std::string(edit.param.name); });

}  // namespace
}  // namespace smokeledger::daemon::config
