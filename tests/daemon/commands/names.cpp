#include "tests/daemon/commands/names.h"

#include <algorithm>
#include <filesystem>
#include <regex>

#include "daemon/config/keys.h"
#include "exporters/metrics/metrics.h"
#include "exporters/metrics/rules.h"
#include "probes/core/counters.h"
#include "probes/core/outcome.h"
#include "tests/architecture/source_text.h"
#include "tests/architecture/tree.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::tests {
namespace {

namespace core = probes::core;
namespace metrics = exporters::metrics;

constexpr std::string_view name_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

// As --help prints them: below "Options:" and in option groups, `  -o,--output TEXT  ...`.
NameSet flags_in(const std::string& help) {
  static const std::regex row("^ +(-[a-z])?,?(--[a-z][a-z.-]*)?(?: .*)?$");
  NameSet flags;
  std::smatch match;
  for (const auto& line : split_lines(help)) {
    if (!std::regex_match(line, match, row)) continue;
    for (const auto group : {1U, 2U}) {
      if (match[group].matched) flags.insert(match[group]);
    }
  }
  return flags;
}

void read_command(const std::vector<std::string>& path, Names& into) {
  std::vector<std::string> asked = path;
  asked.emplace_back("--help");
  const std::string help = command(asked).out;
  std::string name;
  for (const auto& word : path) name.append(name.empty() ? "" : " ").append(word);
  into.commands[name] = flags_in(help);
  static const std::regex row("^  ([a-z][a-z-]*) +\\S.*");
  const auto begin = help.find("\nSubcommands:\n");
  if (begin == std::string::npos) return;
  std::smatch match;
  for (const auto& line : split_lines(help.substr(begin + 1))) {
    if (!std::regex_match(line, match, row)) continue;
    std::vector<std::string> below = path;
    below.push_back(match[1]);
    read_command(below, into);
  }
}

template <class E>
NameSet words_of() {
  return {core::Words<E>::list.begin(), core::Words<E>::list.end()};
}

std::map<std::string, NameSet> closed_labels() {
  NameSet reasons = words_of<core::Reason>();
  reasons.emplace(core::gateways_reason);
  return {{"family", words_of<core::EndpointFamily>()},
          {"mode", words_of<core::Mode>()},
          {"status_class", words_of<core::StatusClass>()},
          {"reason", reasons},
          {"layer", words_of<core::Layer>()},
          {"decision", words_of<core::Decision>()},
          {"result", words_of<core::ParserResult>()},
          {"gap", words_of<core::Gap>()},
          {"direction", {"input", "output"}}};
}

void read_sections(std::span<const daemon::config::KeyInfo> keys, Names& into) {
  for (const auto& row : keys) {
    std::string section(row.section);
    section = section.substr(0, section.find(".NAME"));
    into.sections[section].emplace(row.key);
  }
}

void add_underscored(std::string_view text, NameSet& to) {
  for (auto at = text.find('_'); at != text.npos; at = text.find('_', at + 1)) {
    const auto begin = text.find_last_not_of(name_characters, at) + 1;
    const auto end = std::min(text.find_first_not_of(name_characters, at), text.size());
    to.emplace(text.substr(begin, end - begin));
    at = end - 1;
  }
}

void read_words(Names& into) {
  for (const auto& file : architecture::product()) {
    const auto source = architecture::read_source(file.text);
    for (const auto& literal : source.literals) add_underscored(literal.text, into.words);
    add_underscored(source.code, into.identifiers);
  }
  for (const auto& path : architecture::paths()) {
    if (!path.starts_with("etc/") || !path.ends_with(".toml")) continue;
    add_underscored(read_bytes(SMOKELEDGER_SOURCE_DIR "/" + path), into.words);
  }
}

Names read() {
  Names found;
  read_command({}, found);
  for (const auto& row : metrics::catalogue()) {
    found.metrics[row.name] = {row.labels.begin(), row.labels.end()};
  }
  found.label_values = closed_labels();
  read_sections(daemon::config::config_keys(), found);
  read_sections(daemon::config::contract_keys(), found);
  for (const auto& row : metrics::alerts()) found.alerts.emplace(row.name);
  read_words(found);
  return found;
}

}  // namespace

bool Names::is_group(const std::string& command) const {
  const auto next = commands.upper_bound(command);
  return next != commands.end() && (command.empty() || next->first.starts_with(command + " "));
}

bool Names::is_flag(const std::string& flag) const {
  return std::any_of(commands.begin(), commands.end(), [&](const auto& command) {
    return command.second.contains(flag);
  });
}

bool Names::is_key(const std::string& key) const {
  return std::any_of(sections.begin(), sections.end(), [&](const auto& section) {
    return section.second.contains(key);
  });
}

const Names& names() {
  static const Names all = read();
  return all;
}

NameSet words_in(std::string_view text) {
  NameSet words;
  for (auto at = text.find_first_of(name_characters); at != text.npos;) {
    const auto end = std::min(text.find_first_not_of(name_characters, at), text.size());
    words.emplace(text.substr(at, end - at));
    at = text.find_first_of(name_characters, end);
  }
  return words;
}

}  // namespace smokeledger::tests
