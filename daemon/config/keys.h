// Every key of the two file formats: what reading accepts, and what docs/configuration.md says.
// A key that is not here is an error in a file; a test holds the page to these rows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace smokeledger::daemon::config {

enum class KeyType {
  text,
  texts,  // array of strings
  integer,
  number,  // integers too
  boolean,
  date,
  duration,    // string: 30m, 500ms
  size,        // string: 64MiB
  text_table,  // free keys, string values
  table,       // one section
  tables,      // array of tables
  named        // a table of tables, each with a free name
};

struct KeyInfo {
  std::string_view section;  // "", "ledger", "providers.NAME", "probes", ...
  std::string_view key;
  KeyType type{};
  bool required = false;
  std::string_view fallback;  // the default, as a person would write it; empty when required
  std::string_view example;   // a right value, for the fix of an error
  std::string_view says;      // one line
  // Inclusive; of integers and numbers as they are, of durations in milliseconds, of sizes in
  // bytes, of strings the length, of arrays the item count. Both 0: not limited.
  std::int64_t low = 0;
  std::int64_t high = 0;
};

// In the order in which a file is written and the page is read; a section's rows stand together.
std::span<const KeyInfo> config_keys();
std::span<const KeyInfo> contract_keys();

// The rows of one section. `keys` is one of the two above.
std::span<const KeyInfo> section_keys(std::span<const KeyInfo> keys, std::string_view section);

// "duration, 1s to 30d": the type and the range, as the page and the errors say it.
std::string type_text(const KeyInfo&);

// The row of the page: | `key` | type | default | meaning |
std::string page_row(const KeyInfo&);

}  // namespace smokeledger::daemon::config
