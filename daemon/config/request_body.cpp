#include "daemon/config/request_body.h"

#include <algorithm>
#include <vector>

#include <simdjson.h>

namespace smokeledger::daemon::config {
namespace {

bool names_tokens(std::string_view member) {
  return member.find("okens") != std::string_view::npos;
}

bool is_limited_to(const simdjson::dom::object& object, std::uint64_t tokens) {
  for (const auto [name, value] : object) {
    std::uint64_t number = 0;
    simdjson::dom::object inner;
    if (names_tokens(name) && value.get(number) == simdjson::SUCCESS && number == tokens)
      return true;
    if (value.get(inner) == simdjson::SUCCESS && is_limited_to(inner, tokens)) return true;
  }
  return false;
}

}  // namespace

std::string body_problem(const probes::core::RequestTemplate& request, std::uint32_t tokens) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(request.body).get(object) != simdjson::SUCCESS) return "is not a JSON object";
  std::string_view model;
  const bool in_path = request.path.find("{model}") != std::string::npos;
  if (!in_path && (object["model"].get(model) != simdjson::SUCCESS || model != "{model}")) {
    return "does not have {model} as its model";
  }
  if (tokens > 0 && !is_limited_to(object, tokens)) return "does not ask for output_tokens_at_most";
  std::vector<std::string> names;
  for (const auto [name, value] : object) names.emplace_back(name);
  std::vector<std::string> listed = request.members;
  std::sort(names.begin(), names.end());
  std::sort(listed.begin(), listed.end());
  return names == listed ? "" : "has other members than request_members";
}

}  // namespace smokeledger::daemon::config
