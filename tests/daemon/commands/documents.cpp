#include "tests/daemon/commands/documents.h"

#include <algorithm>
#include <regex>
#include <sstream>

#include "tests/architecture/tree.h"
#include "tests/daemon/commands/code.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

// What scraping adds to every series, and the rules to every alert.
const NameSet labels_of_the_target{
    "about", "alertname", "environment", "instance", "job", "window"};

// Flags of other programs that a page names by themselves.
const NameSet foreign_flags{"--enable-feature", "--install"};

// Names of others, with an underscore, that no string of the program holds: settings of gateways.
const NameSet foreign_words{"include_attempt_count_in_response", "use_retry_after_header"};

class Judge {
 public:
  Judge(const Document& document, const Names& names) : document_(document), names_(names) {}

  std::vector<std::string> judge() {
    const std::string text = replaced_all(document_.text, "\\\"", "\"");
    metrics(text);
    alerts(text);
    if (document_.path.ends_with(".md")) {
      page();
    } else {
      for (const auto& line : split_lines(document_.text)) {
        const auto begin = line.find_first_not_of("# ");
        if (line.starts_with("#") && begin != std::string::npos) command(line.substr(begin));
      }
      for (const auto& span : code_spans(document_.text)) code_span(span);
    }
    return std::move(unknown_);
  }

 private:
  void refuse(const std::string& what, const std::string& name) {
    unknown_.push_back(document_.path + ": no " + what + " " + name);
  }

  void metrics(const std::string& text) {
    static const std::regex name(R"((smokeledger_[a-z0-9_]+)(\([a-z_|]+\))?(\{[^}]*\})?)");
    for (std::sregex_iterator it(text.begin(), text.end(), name), end; it != end; ++it) {
      for (const auto& metric : alternatives((*it)[1], (*it)[2])) {
        if (!names_.metrics.contains(metric)) {
          refuse("metric", metric);
        } else {
          selector(metric, (*it)[3]);
        }
      }
    }
    static const std::regex grouping(R"(\b(?:by|without|ignoring|on) \(([a-z0-9_, ]+)\) ?\()");
    for (std::sregex_iterator it(text.begin(), text.end(), grouping), end; it != end; ++it) {
      for (const auto& label : words_in((*it)[1].str())) grouped_by(label);
    }
  }

  void grouped_by(const std::string& label) {
    const bool known =
        std::any_of(names_.metrics.begin(), names_.metrics.end(), [&](const auto& metric) {
          return metric.second.contains(label);
        });
    if (!known && !labels_of_the_target.contains(label)) refuse("label", label);
  }

  void selector(const std::string& metric, const std::string& text) {
    static const std::regex matcher(R"re(([a-z0-9_]+)(=~|!=|!~|=)"([^"]*)")re");
    for (std::sregex_iterator it(text.begin(), text.end(), matcher), end; it != end; ++it) {
      const std::string label = (*it)[1];
      if (labels_of_the_target.contains(label)) continue;
      if (!names_.metrics.at(metric).contains(label)) refuse("label of " + metric + ":", label);
      const auto values = names_.label_values.find(label);
      const bool plain = (*it)[2] == "=" || (*it)[2] == "!=";
      if (plain && values != names_.label_values.end() && !values->second.contains((*it)[3])) {
        refuse("value of the label " + label + ":", (*it)[3]);
      }
    }
  }

  void alerts(const std::string& text) {
    for (const auto& word : words_in(text)) {
      const bool alert = word.starts_with("Smokeledger") && word.size() > 11;
      if (alert && !names_.alerts.contains(word)) refuse("alert", word);
    }
  }

  void page() {
    for (const auto& block : code_blocks(document_.text)) {
      if (block.language == "toml") toml(block.text);
      for (const auto& line : joined_lines(block.text)) command(line);
    }
    for (const auto& span : code_spans(document_.text)) {
      code_span(span);
      if (span.find('/') != npos && span.find(' ') == npos) {
        file(span);
      } else {
        for (const auto& word : words_in(span)) underscored(word);
      }
    }
  }

  void underscored(const std::string& word) {
    const bool name = word.find('_') != npos && word.front() >= 'a' && word.front() <= 'z' &&
                      word.back() != '_' && !word.starts_with("smokeledger_");
    if (!name || names_.words.contains(word) || foreign_words.contains(word)) return;
    // Two kinds of pages are about the code.
    const bool about_code =
        document_.path == "docs/architecture.md" || document_.path.starts_with("docs/adr/");
    if (!about_code || !names_.identifiers.contains(word)) refuse("name", word);
  }

  // A file or folder of the tree, where the span begins like one and is no pattern.
  void file(const std::string& span) {
    static const NameSet folders{
        "daemon", "docs", "etc", "exporters", "probes", "systemd", "tests"};
    static const std::regex pattern(".*([A-Z]{2}|\\*).*");
    const bool ours =
        folders.contains(span.substr(0, span.find('/'))) && !std::regex_match(span, pattern);
    if (ours && !std::filesystem::exists(SMOKELEDGER_SOURCE_DIR "/" + span)) refuse("file", span);
  }

  void code_span(const std::string& span) {
    static const std::regex section(R"(\[\[?([a-z_]+)(?:\.[A-Za-z_-]+)?\]\]?)");
    static const std::regex key(R"(([a-z_]+)\.([a-z_]+))");
    std::smatch match;
    if (std::regex_match(span, match, section)) {
      if (!names_.sections.contains(match[1])) refuse("section", span);
    } else if (std::regex_match(span, match, key) && names_.sections.contains(match[1])) {
      const bool file = match[2] == "md" || match[2] == "toml" || match[2] == "h";
      if (!file && !names_.sections.at(match[1]).contains(match[2])) refuse("key", span);
    } else if (span.starts_with("--") || (span.size() > 1 && span[0] == '-' && span[1] == 'o')) {
      const std::string flag = flag_of(span.substr(0, span.find(' ')));
      if (!names_.is_flag(flag) && !foreign_flags.contains(flag)) refuse("flag", flag);
    } else if (span.find(' ') != npos && !span.starts_with("smokeledger")) {
      const std::string first = span.substr(0, span.find(' '));
      const char second = span[first.size() + 1];
      const bool group = names_.is_group(first) && second >= 'a' && second <= 'z';
      if (group || (second == '-' && names_.commands.contains(first))) {
        command("smokeledger " + span);
      }
    } else {
      command(span);
    }
  }

  // `smokeledger COMMAND... FLAGS...`, up to where the shell begins another.
  void command(const std::string& line) {
    if (!line.starts_with("smokeledger ")) return;
    std::istringstream words(line.substr(line.find(' ')));
    std::string at;
    bool naming = true;  // whether the next word may be a subcommand
    for (std::string word; words >> word;) {
      if (ends_command(word)) return;
      if (word.front() == '-' && word.find_first_of("0123456789") != 1) {
        const std::string flag = flag_of(word);
        if (!names_.commands.at(at).contains(flag)) refuse("flag of smokeledger " + at + ":", flag);
        naming = false;
      } else if (naming && names_.is_group(at) && word.find_first_not_of(lower) == npos) {
        at += (at.empty() ? "" : " ") + word;
        if (!names_.commands.contains(at)) return refuse("command", "smokeledger " + at);
      } else {
        naming = false;
      }
    }
  }

  // Each key is one of some section; names of tables and what they hold freely are not looked at.
  void toml(const std::string& text) {
    static const std::regex header(R"(^\[\[?([a-z_]+)[^=]*\]\]?\s*(?:#.*)?$)");
    static const std::regex key(R"((?:^|[{,])\s*([a-z_]+)\s*=)");
    std::smatch match;
    for (const auto& line : split_lines(text)) {
      if (std::regex_match(line, match, header)) {
        if (!names_.sections.contains(match[1])) refuse("section", match[1]);
        continue;
      }
      for (std::sregex_iterator it(line.begin(), line.end(), key), end; it != end; ++it) {
        if (!names_.is_key((*it)[1])) refuse("key", (*it)[1]);
      }
    }
  }

  static constexpr auto npos = std::string::npos;
  static constexpr const char* lower = "abcdefghijklmnopqrstuvwxyz-";

  const Document& document_;
  const Names& names_;
  std::vector<std::string> unknown_;
};

}  // namespace

std::vector<Document> documents() {
  std::vector<std::string> paths{"README.md"};
  for (const auto& path : architecture::paths()) {
    const bool page = path.starts_with("docs/") && path.ends_with(".md");
    const bool shipped = path.starts_with("etc/prometheus/") || path.starts_with("etc/grafana/") ||
                         path.starts_with("etc/alertmanager/");
    if (page || (shipped && path.find('.') != std::string::npos)) paths.push_back(path);
  }
  std::vector<Document> found;
  for (const auto& path : paths) {
    found.push_back({path, read_bytes(SMOKELEDGER_SOURCE_DIR "/" + path)});
  }
  return found;
}

std::vector<std::string> unknown_names(const Document& document, const Names& names) {
  return Judge(document, names).judge();
}

std::vector<std::string> dead_links(const Document& page, const std::vector<Document>& all) {
  static const std::regex link(R"(\]\(([^):#]*)(?:#([^)]+))?\))");
  const auto folder = std::filesystem::path(page.path).parent_path();
  std::vector<std::string> dead;
  for (std::sregex_iterator it(page.text.begin(), page.text.end(), link), end; it != end; ++it) {
    const std::string to = (*it)[1];
    const std::string path = to.empty() ? page.path : (folder / to).lexically_normal().string();
    if (!to.empty() && !std::filesystem::exists(SMOKELEDGER_SOURCE_DIR "/" + path)) {
      dead.push_back(page.path + ": nothing is at " + path);
      continue;
    }
    if (!(*it)[2].matched) continue;
    const auto target = std::find_if(
        all.begin(), all.end(), [&](const Document& document) { return document.path == path; });
    if (target == all.end() || !headings(target->text).contains((*it)[2])) {
      dead.push_back(page.path + ": no heading " + path + '#' + (*it)[2].str());
    }
  }
  return dead;
}

}  // namespace smokeledger::tests
