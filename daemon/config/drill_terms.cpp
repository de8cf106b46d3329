#include <algorithm>
#include <charconv>

#include "daemon/config/drills.h"
#include "daemon/config/secrets.h"
#include "probes/stub/script.h"

namespace smokeledger::daemon::config {

using core::DrillOf;

namespace {

void read_exit_codes(Errors& errors, const Section& in, core::DrillTerms& terms) {
  const Node* table = in.get("exit_codes");
  if (table == nullptr) return;
  const std::string path = join_path(in.path(), "exit_codes");
  for (const auto& [name, value] : table->members) {
    int code = -1;
    std::from_chars(name.data(), name.data() + name.size(), code);
    if (name != std::to_string(code) || code < 0 || code > 255) {
      errors.add(value.key_at, join_path(path, name) + " is not an exit code", "write 0 to 255");
      continue;
    }
    const auto received = core::from_word<core::CallerReceived>(value.text);
    if (!received || *received == core::CallerReceived::unknown) {
      errors.add(value.at,
                 join_path(path, name) + " is " + shown(value.text) + ", not a known word",
                 "write one of: usable_response, controlled_failure, nothing");
      continue;
    }
    terms.exit_codes.emplace_back(code, *received);
  }
  std::sort(terms.exit_codes.begin(), terms.exit_codes.end());
}

}  // namespace

std::string kind_of(const core::DrillPlan& drill) {
  return "a " + std::string(core::word(drill.of)) + " drill";
}

void refuse_given(const Section& in,
                  std::initializer_list<std::string_view> keys,
                  const std::string& where) {
  for (const std::string_view key : keys) {
    if (!in.given(key)) continue;
    in.error(key, join_path(in.path(), key) + " has no meaning " + where, "remove it");
  }
}

// The scripts by their own spelling; unknown ones are reported and left out.
std::vector<std::string> read_scripts(Errors& errors, const Section& in) {
  std::vector<std::string> scripts;
  const Node* list = in.get("scripts");
  if (list == nullptr) {
    if (!in.given("scripts")) {
      in.error("scripts",
               join_path(in.path(), "scripts") + " is missing",
               "write scripts = [\"throttled\"]; `smokeledger stub --list` shows them");
    }
    return scripts;
  }
  for (const Node& item : list->items) {
    if (const auto* script = probes::stub::find_script(item.text)) {
      scripts.emplace_back(script->name);
    } else {
      errors.add(item.at,
                 shown(item.text) + " is not a script of the stub",
                 "write one that `smokeledger stub --list` shows");
    }
  }
  if (scripts.size() < list->items.size()) scripts.clear();
  return scripts;
}

void read_terms(Errors& errors, const Section& in, core::DrillPlan& drill) {
  core::DrillTerms& terms = drill.terms;
  terms.asked = in.integer("asked", 1);
  terms.budget = in.integer("budget", 0);
  if (in.get("arrivals") != nullptr) terms.arrivals = in.integer("arrivals", 1);
  drill.settle = in.duration("settle", drill.settle);
  if (drill.of == DrillOf::client) {
    read_exit_codes(errors, in, terms);
  } else {
    refuse_given(in, {"exit_codes"}, "in " + kind_of(drill));
    if (terms.asked > 1) {
      in.error("asked",
               join_path(in.path(), "asked") + " is above 1, but a run of " + kind_of(drill) +
                   " asks once",
               "remove it, or write of = \"client\"");
    }
  }
  if (drill.of != DrillOf::walk && !in.given("budget")) {
    in.error("budget",
             join_path(in.path(), "budget") + " is missing",
             "write how many arrivals one request may cause, like budget = 4");
  }
}

}  // namespace smokeledger::daemon::config
