// Strict reading of one TOML table against its rows of the key table: unknown keys, missing keys,
// wrong types and values out of range are reported once, when the section is opened; what is asked
// for afterwards is right or the default.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/document.h"
#include "daemon/config/keys.h"
#include "probes/core/time.h"

namespace smokeledger::daemon::config {

// Collects errors of one file. A position that holds a suspected secret gets that error only.
class Errors {
 public:
  explicit Errors(std::string file) : file_(std::move(file)) {}

  void add(Position, std::string problem, std::string fix);
  void add_secret(Position, const std::string& path);
  bool empty() const { return errors_.empty(); }
  std::vector<ConfigError> take();  // in file order, each once

 private:
  std::string file_;
  std::set<Position> secrets_;
  std::vector<ConfigError> errors_;
};

// Reports every string and key of the document that looks like a credential.
void refuse_secrets(Errors&, const Node& root);

// Reports texts and names that reach lines, labels and pages and claim what no smoke test shows.
enum class ClaimsIn { config, contract };
void refuse_claims(Errors&, const Node& root, ClaimsIn);

// `a.b`: the name is shortened and hidden as shown() does where it is not plain.
std::string join_path(std::string_view path, std::string_view name);

class Section {
 public:
  // `rows` are the section's; `path` is how errors call it, empty for the root. A null table reads
  // as empty; the caller has reported its absence. All references outlive the section.
  Section(Errors&, std::span<const KeyInfo> rows, const Node* table, std::string path);

  const std::string& path() const { return path_; }
  bool given(std::string_view key) const;       // present, right or wrong
  const Node* get(std::string_view key) const;  // null when absent or wrong
  Position at(std::string_view key) const;      // of the value; of the table when absent
  void error(std::string_view key, std::string problem, std::string fix) const;

  std::string text(std::string_view key, std::string_view fallback = {}) const;
  std::uint32_t integer(std::string_view key, std::uint32_t fallback) const;
  std::uint64_t size(std::string_view key, std::uint64_t fallback) const;
  double number(std::string_view key, double fallback) const;
  bool boolean(std::string_view key, bool fallback) const;
  probes::core::Milliseconds duration(std::string_view key,
                                      probes::core::Milliseconds fallback) const;
  std::vector<std::string> texts(std::string_view key) const;

 private:
  void check_unknown();
  void check_row(const KeyInfo&);
  void refuse(const KeyInfo&, const Node&, const std::string& problem);
  bool fits(const KeyInfo&, const Node&);
  bool fits_items(const KeyInfo&, const Node&);
  bool fits_members(const KeyInfo&, const Node&);
  bool fits_number(const KeyInfo&, const Node&, double value);
  bool in_range(const KeyInfo&, const Node&, double value);

  Errors& errors_;
  std::span<const KeyInfo> rows_;
  const Node* table_;
  std::string path_;
  std::set<std::string_view> wrong_;
};

// `<integer>(KiB|MiB)` as bytes.
std::optional<std::uint64_t> parse_size(std::string_view);

}  // namespace smokeledger::daemon::config
