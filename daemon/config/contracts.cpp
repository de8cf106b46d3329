#include "daemon/config/contracts.h"

#include <algorithm>
#include <filesystem>

#include "daemon/config/digest.h"
#include "daemon/config/file_bytes.h"
#include "daemon/config/readers.h"
#include "daemon/config/request_body.h"
#include "daemon/config/secrets.h"
#include "probes/core/reason.h"

namespace smokeledger::daemon::config {
namespace {

constexpr std::size_t digest_characters = 12;

std::string link(const Section& in, std::string_view key) {
  const std::string text = in.text(key);
  if (!text.empty() && !https_link(text)) {
    in.error(key, join_path(in.path(), key) + " is not an https URL", "write https://HOST/PATH");
  }
  return text;
}

bool name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// One step of a path: `name`, `name[]`, `name[0]`.
bool is_step(std::string_view step) {
  const auto end = std::find_if_not(step.begin(), step.end(), name_character);
  const auto size = static_cast<std::size_t>(end - step.begin());
  if (size == 0) return false;
  const std::string_view index = step.substr(size);
  if (index.empty()) return true;
  return index.size() <= 5 && index.front() == '[' && index.back() == ']' &&
         index.find_first_not_of("0123456789", 1) == index.size() - 1;
}

bool is_path(std::string_view path) {
  while (true) {
    const std::size_t dot = path.find('.');
    if (!is_step(path.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    path.remove_prefix(dot + 1);
  }
}

std::string member_path(const Section& in, std::string_view key) {
  const std::string text = in.text(key);
  if (!text.empty() && (!is_path(text) || text.size() > 120)) {
    in.error(key,
             join_path(in.path(), key) + " is not a member path",
             "write it like choices[].message.role");
  }
  return text;
}

std::vector<core::JsonType> read_types(Errors& errors, const Section& in) {
  std::vector<core::JsonType> types;
  const Node* list = in.get("types");
  if (list == nullptr) return types;
  for (const Node& item : list->items) {
    if (const auto type = core::from_word<core::JsonType>(item.text)) {
      types.push_back(*type);
    } else {
      errors.add(item.at,
                 shown(item.text) + " is not a JSON type",
                 "write one of: null, boolean, integer, number, string, array, object");
    }
  }
  return types;
}

// What a rule asks for must be able to hold for the types it allows.
void check_rule(const Section& in, const core::ReplyRule& rule) {
  const auto allows = [&](core::JsonType type) {
    return std::find(rule.types.begin(), rule.types.end(), type) != rule.types.end();
  };
  const bool strings = allows(core::JsonType::string);
  if (!rule.values.empty() && !strings) {
    in.error("values",
             "a closed list for a value that may not be a string",
             "add \"string\" to types, or remove values");
  }
  if (rule.not_empty && !strings) {
    in.error("not_empty",
             "not_empty for a value that may not be a string",
             "add \"string\" to types, or remove not_empty");
  }
  if (rule.min_items > 0 && !allows(core::JsonType::array)) {
    in.error("min_items",
             "min_items for a value that may not be an array",
             "add \"array\" to types, or remove min_items");
  }
  if (rule.when_member.empty() != rule.when_value.empty()) {
    in.error(rule.when_member.empty() ? "when_value" : "when_member",
             "when_member and when_value belong together",
             "write both or neither");
  }
}

core::ReplyRule read_rule(Errors& errors, const Section& in) {
  core::ReplyRule rule;
  rule.path = member_path(in, "path");
  rule.types = read_types(errors, in);
  rule.required = in.boolean("required", true);
  rule.values = in.texts("values");
  rule.min_items = in.integer("min_items", 0);
  rule.not_empty = in.boolean("not_empty", false);
  rule.when_member = in.text("when_member");
  rule.when_value = in.text("when_value");
  if (in.get("types") != nullptr) check_rule(in, rule);
  return rule;
}

core::StatusOverride read_override(const Section& in) {
  core::StatusOverride exception;
  exception.http_status = static_cast<int>(in.integer("http_status", 0));
  exception.error_code = in.text("error_code");
  exception.reason = in.text("reason");
  const auto reason = core::from_word<core::Reason>(exception.reason);
  if (in.get("reason") != nullptr && (!reason || *reason == core::Reason::none)) {
    in.error("reason",
             join_path(in.path(), "reason") + " is " + shown(exception.reason) +
                 ", not a reason of a failure",
             "write a word of the reasons in docs/ledger-format.md");
  }
  return exception;
}

// Calls read(section) for each table of an array of tables.
template <class Read>
void each(Errors& errors, const Section& root, std::string_view key, Read read) {
  const Node* list = root.get(key);
  if (list == nullptr) return;
  for (const Node& node : list->items) {
    read(Section(errors, section_keys(contract_keys(), key), &node, std::string(key)));
  }
}

void read_family(const Section& root, core::Contract& contract) {
  const std::string text = root.text("family");
  if (const auto family = core::from_word<core::EndpointFamily>(text)) {
    contract.family = *family;
  } else if (!text.empty()) {
    root.error("family",
               "family is " + shown(text) + ", which this build does not know",
               "write chat_completions or responses");
  }
}

void read_request(const Section& root, core::Contract& contract) {
  contract.path = root.text("path");
  const bool plain = std::all_of(contract.path.begin(), contract.path.end(), [](char c) {
    return name_character(c) || c == '/' || c == '-' || c == '.' || c == ':';
  });
  if (!contract.path.empty() && (!contract.path.starts_with('/') || !plain)) {
    root.error("path", "path is not a plain request path", "write it like /v1/chat/completions");
  }
  contract.body = root.text("body");
  contract.output_tokens_at_most = root.integer("output_tokens_at_most", 0);
  contract.request_members = root.texts("request_members");
  const bool complete = root.get("body") != nullptr && root.get("request_members") != nullptr &&
                        root.get("output_tokens_at_most") != nullptr;
  if (!complete) return;
  if (const std::string problem = body_problem(contract); !problem.empty()) {
    root.error(
        "body", "body " + problem, "make body, request_members and output_tokens_at_most agree");
  }
}

void read_lists(Errors& errors, const Section& root, core::Contract& contract) {
  each(errors, root, "sources", [&](const Section& in) {
    contract.sources.push_back({link(in, "url"), in.text("purpose"), in.text("accessed")});
  });
  each(errors, root, "rules", [&](const Section& in) {
    contract.rules.push_back(read_rule(errors, in));
  });
  each(errors, root, "tolerations", [&](const Section& in) {
    contract.tolerations.push_back({in.text("what"), in.text("reason"), link(in, "source")});
  });
  each(errors, root, "status_overrides", [&](const Section& in) {
    contract.status_overrides.push_back(read_override(in));
  });
}

void replace(Contracts& contracts, std::shared_ptr<const core::Contract> contract) {
  const auto same = std::find_if(contracts.begin(), contracts.end(), [&](const auto& other) {
    return other->family == contract->family;
  });
  if (same != contracts.end()) {
    *same = std::move(contract);
  } else {
    contracts.push_back(std::move(contract));
  }
}

void append(std::vector<ConfigError>& all, std::vector<ConfigError> some) {
  for (auto& error : some) all.push_back(std::move(error));
}

// One file of an override directory, where there is one.
void load_override(const std::filesystem::path& file,
                   core::EndpointFamily family,
                   ContractsResult& result) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return;
  const auto bytes = file_bytes(file.string());
  if (!bytes) {
    result.errors.push_back(bytes.error());
    return;
  }
  ContractResult read = read_contract(file.string(), *bytes);
  if (read.contract && read.contract->family != family) {
    read.errors.push_back({file.string(),
                           0,
                           0,
                           "the file's name is not its family",
                           "rename it to FAMILY.toml, or correct family"});
  }
  if (read.errors.empty()) replace(result.contracts, read.contract);
  append(result.errors, std::move(read.errors));
}

}  // namespace

ContractResult read_contract(const std::string& file, std::string_view bytes) {
  const auto document = parse_document(file, bytes);
  if (!document) return {nullptr, {document.error()}};
  Errors errors(file);
  refuse_secrets(errors, *document);
  const Section root(errors, section_keys(contract_keys(), ""), &*document, "");
  auto contract = std::make_shared<core::Contract>();
  read_family(root, *contract);
  contract->version = std::string(core::word(contract->family)) + "/" + root.text("version") + "+" +
                      sha256_hex(bytes).substr(0, digest_characters);
  contract->accessed = root.text("accessed");
  contract->docs_home = link(root, "docs_home");
  contract->support = link(root, "support");
  read_request(root, *contract);
  contract->object_path = member_path(root, "object_path");
  contract->object_value = root.text("object_value");
  contract->documented_members = root.texts("documented_members");
  contract->ending_path = member_path(root, "ending_path");
  contract->failed_endings = root.texts("failed_endings");
  if (contract->ending_path.empty() != contract->failed_endings.empty()) {
    root.error(contract->ending_path.empty() ? "failed_endings" : "ending_path",
               "ending_path and failed_endings belong together",
               "write both or neither");
  }
  contract->served_model_path = member_path(root, "served_model_path");
  contract->input_tokens_path = member_path(root, "input_tokens_path");
  contract->output_tokens_path = member_path(root, "output_tokens_path");
  read_lists(errors, root, *contract);
  if (!errors.empty()) return {nullptr, errors.take()};
  return {std::move(contract), {}};
}

ContractsResult load_contracts(const std::string& dir) {
  ContractsResult result;
  for (const ContractFile& file : built_in_contract_files()) {
    ContractResult read = read_contract("built-in " + file.name, file.bytes);
    if (read.contract) replace(result.contracts, read.contract);
    append(result.errors, std::move(read.errors));
  }
  if (!dir.empty()) {
    std::error_code error;
    if (!std::filesystem::is_directory(dir, error)) {
      result.errors.push_back({dir,
                               0,
                               0,
                               "the folder of contract files does not exist",
                               "create it, or leave it out for the built-in contracts"});
      return result;
    }
    for (const auto family : core::every<core::EndpointFamily>()) {
      const std::string name = std::string(core::word(family)) + ".toml";
      load_override(std::filesystem::path(dir) / name, family, result);
    }
  }
  std::sort(result.contracts.begin(), result.contracts.end(), [](const auto& a, const auto& b) {
    return a->family < b->family;
  });
  return result;
}

}  // namespace smokeledger::daemon::config
