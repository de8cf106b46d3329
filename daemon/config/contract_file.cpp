#include <algorithm>

#include "daemon/config/contract_rules.h"
#include "daemon/config/contracts.h"
#include "daemon/config/digest.h"
#include "daemon/config/readers.h"
#include "daemon/config/request_body.h"
#include "daemon/config/secrets.h"
#include "probes/core/attempt.h"
#include "probes/core/plan.h"
#include "probes/core/reason.h"

namespace smokeledger::daemon::config {
namespace {

constexpr std::size_t digest_characters = 12;
constexpr std::string_view built_in = "built-in";

std::string link(const Section& in, std::string_view key) {
  const std::string text = in.text(key);
  if (!text.empty() && !https_link(text)) {
    in.error(key, join_path(in.path(), key) + " is not an https URL", "write https://HOST/PATH");
  }
  return text;
}

core::StatusOverride read_override(const Section& in) {
  core::StatusOverride exception;
  exception.http_status = static_cast<int>(in.integer("http_status", 0));
  exception.error_code = in.text("error_code");
  exception.reason = in.text("reason");
  const auto reason = core::from_word<core::Reason>(exception.reason);
  const bool fits = reason && *reason != core::Reason::none && core::is_of_a_reply(*reason);
  if (in.get("reason") != nullptr && !fits) {
    in.error("reason",
             join_path(in.path(), "reason") + " is " + shown(exception.reason) +
                 ", not a reason of a failure that a reply tells",
             "write a word of the reasons in docs/ledger-format.md");
  }
  return exception;
}

core::RequestIdPlace read_request_id(const Section& in) {
  return {member_path(in, "path"), in.text("after"), in.text("before")};
}

std::optional<core::EndpointFamily> read_family(const Section& root) {
  const std::string text = root.text("family");
  const auto family = core::from_word<core::EndpointFamily>(text);
  if (!family && !text.empty()) {
    std::string words;
    for (const auto known : core::every<core::EndpointFamily>()) {
      words.append(words.empty() ? "" : ", ").append(core::word(known));
    }
    root.error("family",
               "family is " + shown(text) + ", which this build does not know",
               "write one of: " + words);
  }
  return family;
}

std::vector<std::string> read_auth(const Section& root) {
  std::vector<std::string> schemes = root.texts("auth");
  for (const std::string& scheme : schemes) {
    if (core::from_word<core::AuthScheme>(scheme)) continue;
    root.error("auth",
               shown(scheme) + " is not an auth scheme",
               "write bearer, x-api-key, x-goog-api-key or none");
  }
  return schemes;
}

std::string request_path(const Section& in, const std::string& fallback) {
  const std::string path = in.text("path", fallback);
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/-.:{}?=&";
  if (!path.empty() &&
      (!path.starts_with('/') || path.find_first_not_of(plain) != std::string::npos)) {
    in.error("path",
             join_path(in.path(), "path") + " is not a plain request path",
             "write it like /v1/chat/completions");
  }
  return path;
}

// One of the two requests; `tokens` is what it must ask for, 0 when that is unknown or no matter.
core::RequestTemplate read_request(const Section& in,
                                   const std::string& fallback_path,
                                   std::uint32_t tokens) {
  core::RequestTemplate request;
  request.path = request_path(in, fallback_path);
  request.body = in.text("body");
  request.members = in.texts("request_members");
  if (in.get("body") == nullptr || in.get("request_members") == nullptr) return request;
  if (const std::string problem = body_problem(request, tokens); !problem.empty()) {
    in.error("body",
             join_path(in.path(), "body") + ' ' + problem,
             "make path, body, request_members and output_tokens_at_most agree");
  }
  return request;
}

core::FactPaths read_fact_paths(const Section& in) {
  return {member_path(in, "served_model_path"),
          member_path(in, "input_tokens_path"),
          member_path(in, "output_tokens_path")};
}

void read_stream(Errors& errors, const Section& root, core::Contract& contract) {
  if (!root.given("stream")) {
    if (root.given("stream_rules")) {
      root.error("stream_rules", "stream_rules without [stream]", "add [stream], or remove them");
    }
    return;
  }
  const Section in(errors, section_keys(contract_keys(), "stream"), root.get("stream"), "stream");
  core::StreamContract stream;
  stream.request = read_request(in, contract.request.path, contract.output_tokens_at_most);
  stream.type_path = member_path(in, "type_path");
  stream.event_names_required = in.boolean("event_names_required", true);
  stream.documented_events = in.texts("documented_events");
  stream.documented_members = in.texts("documented_members");
  stream.facts = read_fact_paths(in);
  stream.events = read_event_rules(errors, root);
  for (const auto& rules : stream.events) {
    if (rules.event.empty() || !stream.type_path.empty()) continue;
    root.error("stream_rules",
               "rules for the event " + shown(rules.event) + " of a stream without type_path",
               "add type_path to [stream], or remove event");
  }
  contract.stream = std::move(stream);
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

void read_lists(Errors& errors, const Section& root, core::Contract& contract) {
  each(errors, root, "sources", [&](const Section& in) {
    contract.sources.push_back({link(in, "url"), in.text("purpose"), in.text("accessed")});
  });
  each(errors, root, "request_ids", [&](const Section& in) {
    contract.request_ids.push_back(read_request_id(in));
  });
  each(errors, root, "tolerations", [&](const Section& in) {
    contract.tolerations.push_back({in.text("what"), in.text("reason"), link(in, "source")});
  });
  each(errors, root, "status_overrides", [&](const Section& in) {
    contract.status_overrides.push_back(read_override(in));
  });
}

void read_reply(Errors& errors, const Section& root, core::Contract& contract) {
  contract.object_path = member_path(root, "object_path");
  contract.object_value = root.text("object_value");
  contract.documented_members = root.texts("documented_members");
  contract.ending_path = member_path(root, "ending_path");
  contract.failed_endings = root.texts("failed_endings");
  if (contract.ending_path.empty() != contract.failed_endings.empty()) {
    root.error(contract.ending_path.empty() ? "failed_endings" : "ending_path",
               "ending_path and failed_endings belong together",
               "write both or neither");
  }
  contract.facts = read_fact_paths(root);
  contract.rules = read_rules(errors, root, "rules");
  contract.error_rules = read_rules(errors, root, "error_rules");
}

// `chat_completions/2026-07-03+<12 hex>`: other bytes, another version.
std::string version_of(core::EndpointFamily family,
                       const std::string& date,
                       std::string_view bytes) {
  return std::string(core::word(family)) + "/" + date + "+" +
         sha256_hex(bytes).substr(0, digest_characters);
}

ContractResult read_whole(Errors& errors, const Node& document, std::string_view bytes) {
  const Section root(errors, section_keys(contract_keys(), ""), &document, "");
  auto contract = std::make_shared<core::Contract>();
  contract->family = read_family(root).value_or(core::EndpointFamily{});
  contract->version = version_of(contract->family, root.text("version"), bytes);
  contract->accessed = root.text("accessed");
  contract->docs_home = link(root, "docs_home");
  contract->support = link(root, "support");
  contract->auth = read_auth(root);
  contract->output_tokens_at_most = root.integer("output_tokens_at_most", 0);
  contract->request = read_request(root, "", contract->output_tokens_at_most);
  if (const Node* headers = root.get("request_headers")) {
    for (const auto& [name, value] : headers->members) {
      const std::string_view problem = header_problem(name, value.text);
      if (!problem.empty()) {
        errors.add(value.key_at,
                   join_path("request_headers", name) + " " + std::string(problem),
                   "remove it");
      }
      contract->request_headers.emplace_back(name, value.text);
    }
  }
  read_reply(errors, root, *contract);
  read_stream(errors, root, *contract);
  read_lists(errors, root, *contract);
  if (!errors.empty()) return {nullptr, errors.take()};
  return {std::move(contract), {}};
}

// `extends = "built-in"`: the shipped contract with what the file adds to it.
ContractResult read_extension(Errors& errors, const Node& document, std::string_view bytes) {
  const Section root(errors, section_keys(contract_keys(), "extension"), &document, "");
  const auto family = read_family(root);
  if (root.text("extends") != built_in) {
    root.error("extends", "extends names no contract", "write extends = \"built-in\"");
  }
  std::shared_ptr<core::Contract> contract;
  std::string all_bytes;
  for (const ContractFile& file : built_in_contract_files()) {
    if (!family || file.name != std::string(core::word(*family)) + ".toml") continue;
    contract = std::make_shared<core::Contract>(*read_contract(file.name, file.bytes).contract);
    all_bytes = std::string(file.bytes) + std::string(bytes);
  }
  if (!contract) return {nullptr, errors.take()};
  const std::string date = contract->version.substr(contract->version.find('/') + 1);
  contract->version = version_of(*family, date.substr(0, date.find('+')), all_bytes);
  for (const auto& rule : read_rules(errors, root, "rules")) contract->rules.add(rule);
  for (const auto& rule : read_rules(errors, root, "error_rules")) contract->error_rules.add(rule);
  if (contract->stream) {
    for (auto& rules : read_event_rules(errors, root)) {
      contract->stream->events.push_back(std::move(rules));
    }
  } else if (root.given("stream_rules")) {
    root.error("stream_rules", "stream_rules of a family without streams", "remove them");
  }
  read_lists(errors, root, *contract);
  if (!errors.empty()) return {nullptr, errors.take()};
  return {std::move(contract), {}};
}

}  // namespace

ContractResult read_contract(const std::string& file, std::string_view bytes) {
  const auto document = parse_document(file, bytes);
  if (!document) return {nullptr, {document.error()}};
  Errors errors(file);
  refuse_secrets(errors, *document);
  refuse_claims(errors, *document, ClaimsIn::contract);
  const auto& members = document->members;
  const bool extends = std::any_of(
      members.begin(), members.end(), [](const auto& member) { return member.first == "extends"; });
  return extends ? read_extension(errors, *document, bytes) : read_whole(errors, *document, bytes);
}

}  // namespace smokeledger::daemon::config
