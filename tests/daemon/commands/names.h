// Everything of the product that has a name, taken from where the name is made, so that documents
// can be held to it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace smokeledger::tests {

using NameSet = std::set<std::string>;

struct Names {
  std::map<std::string, NameSet> commands;      // "" and "ledger verify", with their flags
  std::map<std::string, NameSet> metrics;       // with their labels
  std::map<std::string, NameSet> label_values;  // of labels whose values are a closed list
  std::map<std::string, NameSet> sections;      // of both file formats, with their keys; "": top
  NameSet alerts;
  // Whatever has an underscore and is spelled in a string of the program or in a shipped contract
  // or example: fields of ledger lines, rules, reasons, findings, facts.
  NameSet words;
  NameSet identifiers;  // of the program's code; those with an underscore

  bool is_group(const std::string& command) const;  // whether it has subcommands
  bool is_flag(const std::string& flag) const;      // of any command
  bool is_key(const std::string& key) const;        // of any section
};

// Read once.
const Names& names();

// Names of letters, digits and underscores in a text.
NameSet words_in(std::string_view text);

}  // namespace smokeledger::tests
