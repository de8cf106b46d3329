#include "probes/core/json_path.h"

#include <charconv>

namespace smokeledger::probes::core {
namespace {

using simdjson::dom::element;

struct Segment {
  std::string_view member;  // empty for an index
  bool every = false;       // []
  std::size_t index = 0;    // [n]
};

Segment take_segment(std::string_view& path) {
  Segment segment;
  if (path.front() == '[') {
    const std::size_t close = path.find(']');
    const std::string_view inside = path.substr(1, close - 1);
    segment.every = inside.empty();
    std::from_chars(inside.data(), inside.data() + inside.size(), segment.index);
    path.remove_prefix(close == std::string_view::npos ? path.size() : close + 1);
  } else {
    segment.member = path.substr(0, path.find_first_of(".["));
    path.remove_prefix(segment.member.size());
  }
  if (!path.empty() && path.front() == '.') path.remove_prefix(1);
  return segment;
}

Place member_of(const Place& at, std::string_view name) {
  Place next;
  next.where = at.where.empty() ? std::string(name) : at.where + '.' + std::string(name);
  next.has_parent = true;
  next.parent = at.value;
  next.present = at.value.get_object().at_key(name).get(next.value) == simdjson::SUCCESS;
  return next;
}

void items_of(const Place& at,
              const Segment& segment,
              std::vector<Place>& out,
              std::size_t& budget) {
  std::size_t index = 0;
  for (const element item : at.value.get_array()) {
    if (budget == 0) return;
    if (segment.every || index == segment.index) {
      --budget;
      Place next;
      next.where = at.where + '[' + std::to_string(index) + ']';
      next.present = true;
      next.value = item;
      out.push_back(std::move(next));
    }
    ++index;
  }
}

}  // namespace

std::vector<Place> places(element root, std::string_view path, std::size_t& budget) {
  std::vector<Place> at(1);
  at.front().present = true;
  at.front().value = root;
  while (!path.empty()) {
    const Segment segment = take_segment(path);
    std::vector<Place> next;
    for (const Place& place : at) {
      if (!place.present) continue;
      if (segment.member.empty()) {
        if (place.value.is_array()) items_of(place, segment, next, budget);
      } else if (place.value.is_object()) {
        next.push_back(member_of(place, segment.member));
      }
    }
    at = std::move(next);
  }
  return at;
}

}  // namespace smokeledger::probes::core
