#include "exporters/ledger/member_difference.h"

#include <simdjson.h>

namespace smokeledger::exporters::ledger {
namespace {

namespace dom = simdjson::dom;

std::string shown(dom::element value) {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS) return std::string(text);
  return simdjson::minify(value);
}

}  // namespace

std::vector<core::Difference> member_differences(const std::string& recorded,
                                                 const std::string& recomputed) {
  dom::parser of_recorded;
  dom::parser of_recomputed;
  dom::object there;
  dom::object anew;
  std::vector<core::Difference> differences;
  if (of_recorded.parse(recorded).get(there) != simdjson::SUCCESS ||
      of_recomputed.parse(recomputed).get(anew) != simdjson::SUCCESS) {
    return {{"", recorded, recomputed}};
  }
  for (const auto& [name, value] : there) {
    dom::element other;
    if (anew.at_key(name).get(other) != simdjson::SUCCESS) {
      differences.push_back({std::string(name), shown(value), "absent"});
    } else if (std::string(simdjson::minify(value)) != std::string(simdjson::minify(other))) {
      differences.push_back({std::string(name), shown(value), shown(other)});
    }
  }
  return differences;
}

}  // namespace smokeledger::exporters::ledger
