#include "daemon/commands/drill_line.h"

#include <algorithm>

#include <simdjson.h>

#include "daemon/commands/command.h"

namespace smokeledger::daemon::commands {
namespace {

namespace core = probes::core;
using simdjson::dom::element;

std::string text_at(element line, std::string_view member) {
  std::string_view text;
  const auto error = line[member].get_string().get(text);
  return error == simdjson::SUCCESS ? std::string(text) : std::string{};
}

std::uint64_t number_at(element line, std::string_view member) {
  std::uint64_t number = 0;
  return line[member].get_uint64().get(number) == simdjson::SUCCESS ? number : 0;
}

std::string count_at(element line, std::string_view member) {
  element count;
  const bool known = line[member].get(count) == simdjson::SUCCESS && count.is_uint64();
  return known ? simdjson::minify(count) : "unknown";
}

DrillResult read_result(element result) {
  DrillResult read;
  read.probe = text_at(result, "probe");
  element line;
  if (result["line"].get(line) != simdjson::SUCCESS) {
    read.json = simdjson::minify(result);
    read.not_run = text_at(result, "not_run");
    if (const auto from = text_at(result, "allowed_from"); !from.empty()) {
      read.not_run += "; it may run from " + from;
    }
    return read;
  }
  read.json = simdjson::minify(line);
  read.ledger_id = text_at(line, "ledger_id");
  read.rule = text_at(line, "rule");
  read.because = text_at(line, "because");
  read.arrivals = count_at(line, "arrivals");
  read.budget = number_at(line, "attempt_budget");
  simdjson::dom::array items;
  if (line["attempts"].get(items) == simdjson::SUCCESS) read.attempts = items.size();
  if (line["unresolved"].get(items) == simdjson::SUCCESS) {
    for (const element item : items) {
      std::string_view fact;
      if (item.get(fact) == simdjson::SUCCESS) read.unresolved.emplace_back(fact);
    }
  }
  read.check_result = core::from_word<core::CheckResult>(text_at(line, "check_result"))
                          .value_or(core::CheckResult::investigate);
  return read;
}

int exit_code_of(const DrillResult& result) {
  if (!result.not_run.empty()) return exit_could_not_tell;
  switch (result.check_result) {
    case core::CheckResult::pass:
      return exit_ok;
    case core::CheckResult::fail:
      return exit_failed;
    case core::CheckResult::investigate:
      break;
  }
  return exit_could_not_tell;
}

}  // namespace

std::optional<std::vector<DrillResult>> read_drill_results(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::array results;
  if (parser.parse(json)["results"].get_array().get(results) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  std::vector<DrillResult> read;
  for (const element result : results) read.push_back(read_result(result));
  return read;
}

const Row drill_header{
    "probe", "sent", "arrivals", "budget", "check_result", "rule", "ledger_id", "unresolved"};

Row drill_row(const DrillResult& result) {
  if (!result.not_run.empty()) {
    return {result.probe, "-", "-", "-", "-", "not run: " + result.not_run, "-", "-"};
  }
  std::string facts;
  for (const auto& fact : result.unresolved) facts.append(facts.empty() ? "" : " ").append(fact);
  return {result.probe,
          std::to_string(result.attempts),
          result.arrivals,
          std::to_string(result.budget),
          std::string(core::word(result.check_result)),
          result.rule,
          result.ledger_id,
          facts.empty() ? "-" : facts};
}

std::string drill_sentence(const DrillResult& result, std::uint32_t asked) {
  return "asked " + std::to_string(asked) + ", upstream saw " + result.arrivals + ", budget " +
         std::to_string(result.budget) + (asked == 1 ? "" : " each") + ": " +
         std::string(core::word(result.check_result));
}

int exit_code_of(const std::vector<DrillResult>& results) {
  int worst = results.empty() ? exit_could_not_tell : exit_ok;
  for (const DrillResult& result : results) {
    const int code = exit_code_of(result);
    if (code == exit_failed) return exit_failed;
    worst = std::max(worst, code);
  }
  return worst;
}

}  // namespace smokeledger::daemon::commands
