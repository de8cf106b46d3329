// The contract files: what is shipped, what replaces it, and what is refused.
#include "daemon/config/contracts.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/digest.h"
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
  ASSERT_THAT(result.contracts, SizeIs(2));
  for (const auto& contract : result.contracts) {
    EXPECT_FALSE(contract->rules.empty());
    EXPECT_FALSE(contract->sources.empty());
    EXPECT_EQ(contract->accessed, "2026-07-04");
    EXPECT_THAT(contract->body, HasSubstr("{model}"));
  }
  EXPECT_EQ(result.contracts[0]->family, core::EndpointFamily::chat_completions);
  EXPECT_EQ(result.contracts[0]->sources[0].url, "https://apidoc.cometapi.com/api/text/chat");
  EXPECT_EQ(result.contracts[1]->family, core::EndpointFamily::responses);
  EXPECT_EQ(result.contracts[1]->sources[0].url, "https://apidoc.cometapi.com/api/text/responses");
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
  ASSERT_THAT(result.contracts, SizeIs(2));
  EXPECT_THAT(result.contracts[0]->version, HasSubstr("chat_completions/2026-07-03+"));
  EXPECT_THAT(result.contracts[1]->version, HasSubstr("responses/2026-08-01+"));
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
  std::string from;
  std::string to;
  std::string error;
};

class BadContract : public testing::TestWithParam<BadEdit> {};

TEST_P(BadContract, is_refused_with_the_reason) {
  const auto [from, to, error] = GetParam();
  const auto result = read_contract("c.toml", edited("chat_completions", from, to));
  EXPECT_FALSE(result.contract);
  EXPECT_THAT(sample::errors({std::nullopt, result.errors}), HasSubstr(error));
}

INSTANTIATE_TEST_SUITE_P(
    by_rule,
    BadContract,
    testing::Values(
        BadEdit{"\"chat_completions\"", "\"chats\"", "family is 'chats', which this build"},
        BadEdit{"version = 2026-07-03", "version = \"v1\"", "version is a string, not a date"},
        BadEdit{"docs_home = \"https", "docs_home = \"http", "docs_home is not an https URL"},
        BadEdit{"path = \"/v1", "path = \"v1", "path is not a plain request path"},
        BadEdit{"'{\"model\"", "'[\"model\"", "body is not a JSON object"},
        BadEdit{"\"model\":\"{model}\"",
                "\"model\":\"a-model\"",
                "body does not have {model} as its model"},
        BadEdit{"tokens\":256", "tokens\":255", "body does not ask for output_tokens_at_most"},
        BadEdit{"[\"model\", \"messages\", ",
                "[\"model\", ",
                "body has other members than request_members"},
        BadEdit{"\"usage.prompt_tokens\"",
                "\"usage..tokens\"",
                "input_tokens_path is not a member path"},
        BadEdit{"path = \"choices[].index\"",
                "path = \"choices[x].index\"",
                "rules.path is not a member path"},
        BadEdit{"types = [\"integer\"]", "types = [\"int\"]", "'int' is not a JSON type"},
        BadEdit{"types = [\"integer\"]",
                "types = [\"integer\"]\nvalues = [\"1\"]",
                "a closed list for a value that may not be a string"},
        BadEdit{"types = [\"integer\"]",
                "types = [\"integer\"]\nnot_empty = true",
                "not_empty for a value that may not be a string"},
        BadEdit{"types = [\"integer\"]",
                "types = [\"integer\"]\nmin_items = 1",
                "min_items for a value that may not be an array"},
        BadEdit{"types = [\"integer\"]",
                "types = [\"integer\"]\nwhen_member = \"type\"",
                "when_member and when_value belong together"},
        BadEdit{"reason = \"bad_request\"", "reason = \"bad\"", "not a reason of a failure"},
        BadEdit{"http_status = 500", "http_status = 99", "http_status is out of range"},
        BadEdit{"purpose = \"verify chat",
                "purpose = \"Bearer 0123456789abcdef",
                "sources.purpose looks like a credential"}));

}  // namespace
}  // namespace smokeledger::daemon::config
