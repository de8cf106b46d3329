// What a visitor asks the overview for, in the query of its address. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/system/result.hpp>

#include "probes/core/outcome.h"

namespace smokeledger::exporters::page {

namespace core = probes::core;

// A moment, and how it was written: the form shows it again, and `-24h` goes on with time.
struct Moment {
  std::string text;
  core::WallTime at{};
};

// What is empty does not filter.
struct Filter {
  std::optional<core::EndpointFamily> family = {};
  std::string probe = {};
  std::optional<core::Decision> decision = {};
  std::optional<Moment> from = {};               // recorded then or later
  std::optional<Moment> to = {};                 // recorded before then
  std::optional<std::uint64_t> before_seq = {};  // lines before this one: the next older ones
};

struct BadParameter {
  std::string name;
  std::string value;
  std::string wanted;  // what to write instead
};

// `family=responses&decision=&from=-24h`, as a form sends it; an empty value does not filter. The
// error names the first parameter that is not known, comes twice or has a value that cannot be.
boost::system::result<Filter, BadParameter> read_filter(std::string_view query, core::WallTime now);

// Back again, without what is empty: names and values, not encoded.
std::vector<std::pair<std::string, std::string>> parameters(const Filter&);

}  // namespace smokeledger::exporters::page
