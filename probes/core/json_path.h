// Finds the values that a contract path names in a parsed reply: `choices[].message.content`,
// `output[0].type`. Internal to the core; simdjson's DOM stays behind it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

namespace smokeledger::probes::core {

// One place a path leads to. `where` has indices filled in; `value` is empty when the last member
// is absent. `parent` is the object that should hold it.
struct Place {
  std::string where;
  bool present = false;
  simdjson::dom::element value;
  bool has_parent = false;
  simdjson::dom::element parent;
};

// How many places one reply may lead to, over all paths: what a hostile reply can cost is bounded.
inline constexpr std::size_t most_places = 20'000;

// Every place of the path, as far as `budget` goes; each costs one. A missing or unfitting ancestor
// yields no place: the ancestor's own rule reports it. REQUIRES: the document outlives the places.
std::vector<Place> places(simdjson::dom::element root, std::string_view path, std::size_t& budget);

}  // namespace smokeledger::probes::core
