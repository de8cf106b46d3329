#include "daemon/config/request_body.h"

#include <algorithm>

#include <simdjson.h>

namespace smokeledger::daemon::config {

std::string body_problem(const probes::core::Contract& contract) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(contract.body).get(object) != simdjson::SUCCESS) return "is not a JSON object";
  std::vector<std::string> names;
  bool limited = false;
  for (const auto [name, value] : object) {
    names.emplace_back(name);
    std::uint64_t number = 0;
    if (name.find("tokens") != std::string_view::npos && value.get(number) == simdjson::SUCCESS) {
      limited = limited || number == contract.output_tokens_at_most;
    }
  }
  std::string_view model;
  if (object["model"].get(model) != simdjson::SUCCESS || model != "{model}") {
    return "does not have {model} as its model";
  }
  if (!limited) return "does not ask for output_tokens_at_most";
  std::vector<std::string> listed = contract.request_members;
  std::sort(names.begin(), names.end());
  std::sort(listed.begin(), listed.end());
  return names == listed ? "" : "has other members than request_members";
}

}  // namespace smokeledger::daemon::config
