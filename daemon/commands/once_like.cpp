#include "daemon/commands/once_like.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <simdjson.h>

#include "daemon/commands/outcome_table.h"
#include "daemon/commands/table.h"
#include "probes/core/json_writer.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
namespace dom = simdjson::dom;
using Line = std::optional<dom::element>;

// What people compare; a line has more.
constexpr std::array<std::string_view, 25> compared{
    "ledger_id",           "recorded_at",   "check_id",       "trigger",         "build",
    "policy_sha256",       "config_sha256", "environment",    "endpoint_family", "provider",
    "status_class",        "failure_class", "reason",         "retry_count",     "within_budget",
    "backoff_policy_seen", "jitter_seen",   "fallback_taken", "fallback_route",  "caller_received",
    "fallback_decision",   "rule",          "check_result",   "pressure",        "unresolved"};
constexpr std::array<std::string_view, 6> compared_of_attempts{"route",
                                                               "request_contract_version",
                                                               "http_status",
                                                               "reason",
                                                               "parser_result",
                                                               "planned_wait_ms"};

// A string as it is, a list of them in one cell, anything else as JSON.
std::string cell(dom::element value) {
  std::string_view text;
  dom::array items;
  if (value.get(text) == simdjson::SUCCESS) return text.empty() ? "-" : std::string(text);
  if (value.get(items) != simdjson::SUCCESS) return simdjson::minify(value);
  std::string all;
  for (const dom::element item : items) all.append(all.empty() ? "" : ", ").append(cell(item));
  return all.empty() ? "-" : all;
}

std::string cell(const Line& object, std::string_view member) {
  dom::element value;
  if (!object || (*object)[member].get(value) != simdjson::SUCCESS) return "-";
  return cell(value);
}

std::vector<dom::element> attempts_of(const Line& line) {
  std::vector<dom::element> attempts;
  dom::array array;
  if (line && (*line)["attempts"].get(array) == simdjson::SUCCESS) {
    for (const dom::element attempt : array) attempts.push_back(attempt);
  }
  return attempts;
}

std::vector<Row> rows_of(const Line& then, const Line& now) {
  std::vector<Row> rows;
  for (const auto member : compared) {
    rows.push_back({std::string(member), cell(then, member), cell(now, member)});
  }
  const auto before = attempts_of(then);
  const auto anew = attempts_of(now);
  for (std::size_t i = 0; i < std::max(before.size(), anew.size()); ++i) {
    const Line left = i < before.size() ? Line(before[i]) : Line();
    const Line right = i < anew.size() ? Line(anew[i]) : Line();
    for (const auto member : compared_of_attempts) {
      rows.push_back({"attempts[" + std::to_string(i) + "]." + std::string(member),
                      cell(left, member),
                      cell(right, member)});
    }
  }
  return rows;
}

std::string why_not_run(dom::element result) {
  std::string why = "not run: " + cell(result, "not_run");
  if (const auto from = cell(result, "allowed_from"); from != "-") {
    why += "; it may run from " + from;
  }
  return why;
}

void print_json(const Line& then, const Line& now, dom::element result, std::ostream& out) {
  core::JsonWriter json;
  json.begin_object();
  if (then) json.key("then").raw(simdjson::minify(*then));
  if (now) {
    json.key("now").raw(simdjson::minify(*now));
  } else {
    json.key("not_run").string(cell(result, "not_run"));
    if (const auto from = cell(result, "allowed_from"); from != "-") {
      json.key("allowed_from").string(from);
    }
  }
  out << json.end_object().text() << '\n';
}

Line member_of(dom::element object, std::string_view name) {
  dom::element value;
  return object[name].get(value) == simdjson::SUCCESS ? Line(value) : Line();
}

}  // namespace

bool is_ledger_id(std::string_view text) {
  const std::size_t dash = text.find_last_of('-');
  if (dash == std::string_view::npos || dash == 0) return false;
  const auto number = text.substr(dash + 1);
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
  });
  return plain && !number.empty() &&
         number.find_first_not_of("0123456789") == std::string_view::npos;
}

int print_like(const std::string& answer, bool as_table, Context& context) {
  dom::parser parser;
  dom::element root;
  dom::element result;
  if (parser.parse(answer).get(root) != simdjson::SUCCESS ||
      root["results"].at(0).get(result) != simdjson::SUCCESS) {
    context.err << "the service gave an answer that cannot be read\n";
    return exit_failed;
  }
  const Line then = member_of(root, "then");
  const Line now = member_of(result, "line");
  if (!as_table) {
    print_json(then, now, result, context.out);
  } else if (now) {
    context.out << table({"field", "then", "now"}, rows_of(then, now));
  } else {
    context.out << why_not_run(result) << '\n';
  }
  const auto decision = core::from_word<core::Decision>(cell(now, "fallback_decision"));
  return decision ? exit_code_of(*decision) : exit_failed;
}

}  // namespace smokeledger::daemon::commands
