#include "exporters/page/filter.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace smokeledger::exporters::page {
namespace {

using Read = std::optional<std::string> (*)(Filter&, const std::string& value, core::WallTime now);

template <core::Worded E>
std::string words_of() {
  std::string list = "one of";
  for (const auto word : core::Words<E>::list) list.append(" ").append(word);
  return list;
}

std::optional<std::string> read_family(Filter& filter, const std::string& value, core::WallTime) {
  filter.family = core::family_from(value);
  if (filter.family) return std::nullopt;
  return words_of<core::EndpointFamily>();
}

std::optional<std::string> read_probe(Filter& filter, const std::string& value, core::WallTime) {
  constexpr std::size_t longest = 64;
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  filter.probe = value;
  if (value.size() <= longest && value.find_first_not_of(allowed) == std::string::npos) {
    return std::nullopt;
  }
  return "the name of a probe: at most 64 of a to z, 0 to 9 and -";
}

std::optional<std::string> read_decision(Filter& filter, const std::string& value, core::WallTime) {
  filter.decision = core::from_word<core::Decision>(value);
  if (filter.decision) return std::nullopt;
  return words_of<core::Decision>();
}

template <std::optional<Moment> Filter::*member>
std::optional<std::string> read_moment(Filter& filter,
                                       const std::string& value,
                                       core::WallTime now) {
  const auto at = core::parse_moment(value, now);
  if (!at) return "UTC like 2026-11-21T08:00:00Z, or a duration back from now like -24h";
  filter.*member = Moment{value, *at};
  return std::nullopt;
}

std::optional<std::string> read_seq(Filter& filter, const std::string& value, core::WallTime) {
  std::uint64_t seq = 0;
  const char* const end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, seq);
  if (parsed.ec != std::errc{} || parsed.ptr != end) return "the number of a line";
  filter.before_seq = seq;
  return std::nullopt;
}

struct Parameter {
  std::string_view name;
  Read read;
};
constexpr std::array<Parameter, 6> known{{{"family", read_family},
                                          {"probe", read_probe},
                                          {"decision", read_decision},
                                          {"from", read_moment<&Filter::from>},
                                          {"to", read_moment<&Filter::to>},
                                          {"before_seq", read_seq}}};

std::optional<unsigned char> hex_byte(std::string_view two) {
  unsigned char byte = 0;
  const char* const end = two.data() + two.size();
  const auto parsed = std::from_chars(two.data(), end, byte, 16);
  const bool whole = two.size() == 2 && parsed.ec == std::errc{} && parsed.ptr == end;
  return whole ? std::optional(byte) : std::nullopt;
}

// As a form writes it; what is not such an escape stays as it is, and is refused by its parameter.
std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text[i] == '%' ? hex_byte(text.substr(i + 1, 2)) : std::nullopt;
    if (byte) i += 2;
    out += byte ? static_cast<char>(*byte) : text[i] == '+' ? ' ' : text[i];
  }
  return out;
}

std::string known_names() {
  std::string names = "one of";
  for (const Parameter& parameter : known) names.append(" ").append(parameter.name);
  return names;
}

}  // namespace

boost::system::result<Filter, BadParameter> read_filter(std::string_view query,
                                                        core::WallTime now) {
  Filter filter;
  std::vector<std::string> seen;
  while (!query.empty()) {
    const std::string_view item = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), item.size() + 1));
    if (item.empty()) continue;
    const auto equals = item.find('=');
    const std::string name = decoded(item.substr(0, equals));
    const std::string value =
        equals == std::string_view::npos ? std::string() : decoded(item.substr(equals + 1));
    const auto* parameter = std::find_if(
        known.begin(), known.end(), [&](const Parameter& row) { return row.name == name; });
    if (parameter == known.end()) return BadParameter{name, value, known_names()};
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
      return BadParameter{name, value, "one value"};
    }
    seen.push_back(name);
    if (value.empty()) continue;
    if (auto wanted = parameter->read(filter, value, now)) {
      return BadParameter{name, value, std::move(*wanted)};
    }
  }
  if (filter.from && filter.to && filter.from->at >= filter.to->at) {
    return BadParameter{"to", filter.to->text, "a moment after from"};
  }
  return filter;
}

std::vector<std::pair<std::string, std::string>> parameters(const Filter& filter) {
  std::vector<std::pair<std::string, std::string>> all;
  const auto add = [&all](std::string_view name, std::string_view value) {
    if (!value.empty()) all.emplace_back(name, value);
  };
  add("family", filter.family ? core::word(*filter.family) : std::string_view());
  add("probe", filter.probe);
  add("decision", filter.decision ? core::word(*filter.decision) : std::string_view());
  add("from", filter.from ? filter.from->text : std::string());
  add("to", filter.to ? filter.to->text : std::string());
  if (filter.before_seq) add("before_seq", std::to_string(*filter.before_seq));
  return all;
}

}  // namespace smokeledger::exporters::page
