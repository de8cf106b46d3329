#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "daemon/commands/contract_json.h"
#include "daemon/commands/contract_page.h"
#include "daemon/config/contracts.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
using tests::command;

void add_texts(std::vector<std::string>& all, const core::Rules& rules) {
  for (const auto& rule : rules) {
    all.push_back(rule.path);
    all.push_back(rule.when_member);
    all.push_back(rule.when_value);
    all.insert(all.end(), rule.values.begin(), rule.values.end());
    all.insert(all.end(), rule.any_of.begin(), rule.any_of.end());
  }
}

void add_texts(std::vector<std::string>& all, const core::RequestTemplate& request) {
  all.push_back(request.path);
  all.insert(all.end(), request.members.begin(), request.members.end());
}

void add_texts(std::vector<std::string>& all, const core::FactPaths& facts) {
  all.insert(all.end(), {facts.served_model, facts.input_tokens, facts.output_tokens});
}

void add_texts(std::vector<std::string>& all, const core::StreamContract& stream) {
  add_texts(all, stream.request);
  add_texts(all, stream.facts);
  all.push_back(stream.type_path);
  all.insert(all.end(), stream.documented_events.begin(), stream.documented_events.end());
  for (const auto& [event, rules] : stream.events) {
    all.push_back(event);
    add_texts(all, rules);
  }
}

// What a person should find of a contract, whatever the form.
std::vector<std::string> texts_of(const core::Contract& contract) {
  std::vector<std::string> all{contract.version,
                               contract.accessed,
                               contract.docs_home,
                               contract.support,
                               std::to_string(contract.output_tokens_at_most),
                               contract.object_path,
                               contract.object_value,
                               contract.ending_path};
  for (const auto* list :
       {&contract.auth, &contract.documented_members, &contract.failed_endings}) {
    all.insert(all.end(), list->begin(), list->end());
  }
  add_texts(all, contract.request);
  add_texts(all, contract.facts);
  add_texts(all, contract.rules);
  add_texts(all, contract.error_rules);
  if (contract.stream) add_texts(all, *contract.stream);
  for (const auto& [name, value] : contract.request_headers) all.insert(all.end(), {name, value});
  for (const auto& id : contract.request_ids) all.insert(all.end(), {id.path, id.after, id.before});
  for (const auto& item : contract.tolerations) {
    all.insert(all.end(), {item.what, item.reason, item.source});
  }
  for (const auto& item : contract.status_overrides) {
    all.insert(all.end(), {std::to_string(item.http_status), item.error_code, item.reason});
  }
  for (const auto& item : contract.sources) {
    all.insert(all.end(), {item.url, item.purpose, item.accessed});
  }
  return all;
}

TEST(ContractPage, ShowsAllThatEveryShippedContractSays) {
  for (const auto& contract : config::load_contracts("").contracts) {
    const std::string page = contract_page(*contract);
    for (const auto& text : texts_of(*contract)) EXPECT_THAT(page, HasSubstr(text));
    EXPECT_THAT(page, HasSubstr(contract->request.body));
    if (!contract->stream) continue;
    EXPECT_THAT(page, HasSubstr(contract->stream->request.body));
  }
}

TEST(ContractJson, HoldsAllThatEveryShippedContractSays) {
  for (const auto& contract : config::load_contracts("").contracts) {
    const std::string json = contract_json(*contract);
    for (const auto& text : texts_of(*contract)) EXPECT_THAT(json, HasSubstr(text));
    simdjson::dom::parser parser;
    simdjson::dom::element parsed;
    ASSERT_EQ(parser.parse(json).get(parsed), simdjson::SUCCESS) << json;
    EXPECT_EQ(std::string_view(parsed["body"]), contract->request.body);
    EXPECT_EQ(parsed["rules"].get_array().size(), contract->rules.size());
    EXPECT_EQ(parsed["stream"].error() == simdjson::SUCCESS, contract->stream.has_value());
  }
}

TEST(ContractPage, SaysWhatARuleAsksBesideItsTypes) {
  core::Contract contract;
  contract.rules = {{.path = "a[]",
                     .types = {core::JsonType::array, core::JsonType::object},
                     .required = false,
                     .min_items = 2,
                     .item_types = {core::JsonType::number},
                     .any_of = {"x", "y"},
                     .when_member = "type",
                     .when_value = "one"},
                    {.path = "b",
                     .types = {core::JsonType::string},
                     .values = {"yes", "no"},
                     .open = true,
                     .not_empty = true}};
  const std::string page = contract_page(contract);
  EXPECT_THAT(page,
              HasSubstr("a[]         array|object  no        at least 2 items; each of number; "
                        "has any of x, y; where type is one\n"));
  EXPECT_THAT(page,
              HasSubstr("b           string        yes       documented: yes, no; not empty\n"));
}

TEST(Contract, ShowPrintsAPageOnATerminalAndOneObjectInAPipe) {
  const auto page = command({"contract", "show", "responses"}, true);
  EXPECT_EQ(page.exit_code, exit_ok);
  EXPECT_THAT(page.out, StartsWith("contract           responses/"));
  const auto json = command({"contract", "show", "responses"});
  EXPECT_THAT(json.out, StartsWith(R"({"family":"responses","version":"responses/)"));
  EXPECT_THAT(tests::split_lines(json.out), SizeIs(1));
}

TEST(Contract, ShowTakesAFamilyWithDashesAndRefusesAnUnknownOne) {
  EXPECT_EQ(command({"contract", "show", "chat-completions"}).exit_code, exit_ok);
  const auto ran = command({"contract", "show", "chat"});
  EXPECT_EQ(ran.exit_code, exit_usage);
  EXPECT_THAT(ran.err, HasSubstr("contract list"));
  EXPECT_THAT(ran.out, IsEmpty());
}

TEST(Contract, ThatCannotBeReadIsTwoAndNamesTheFile) {
  tests::ScratchDir dir;
  tests::write_bytes(dir.path() / "responses.toml", "family = 1\n");
  for (const char* shown : {"list", "show"}) {
    std::vector<std::string> words{"contract", shown, "--contracts", dir.path()};
    if (std::string_view(shown) == "show") words.emplace_back("messages");
    const auto ran = command(words);
    EXPECT_EQ(ran.exit_code, exit_usage);
    EXPECT_THAT(ran.err, HasSubstr("responses.toml:1:"));
    EXPECT_THAT(ran.out, IsEmpty());
  }
}

TEST(Contract, OfAConfigurationIsTheOneThatItsContractsDirHolds) {
  tests::Host host;
  host.change("schema = 1", "schema = 1\ncontracts_dir = \"mine\"");
  std::filesystem::create_directory(host.path("mine"));
  std::string text;
  for (const auto& file : config::built_in_contract_files()) {
    if (file.name == "responses.toml") text = file.bytes;
  }
  tests::write_bytes(host.path("mine/responses.toml"), text + "\n# ours\n");
  const auto mine = command({"contract", "show", "--config.file", host.config_file(), "responses"});
  EXPECT_EQ(mine.exit_code, exit_ok) << mine.err;
  EXPECT_NE(mine.out, command({"contract", "show", "responses"}).out) << "another version";
  EXPECT_EQ(command({"contract", "list", "--contracts", "x", "--config.file", "y"}).exit_code,
            exit_usage);
}

}  // namespace
}  // namespace smokeledger::daemon::commands
