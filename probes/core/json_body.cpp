#include "probes/core/json_body.h"

#include <algorithm>
#include <charconv>

namespace smokeledger::probes::core {
namespace {

constexpr std::size_t deepest = 128;
// A value costs up to 24 bytes beside its text: the parser's index and two words of its tape.
constexpr std::size_t bytes_per_value = 32;
constexpr std::size_t values_in_any_case = 1'000;

bool is_number_character(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

std::size_t digits_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return end - at;
}

// RFC 8259 section 6.
bool is_number(std::string_view text) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t whole = digits_at(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits_at(text, at + 1);
    if (fraction == 0) return false;
    at += 1 + fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = digits_at(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.size();
}

// A legal number that fits neither 64 bits nor a double.
bool too_large_a_number(std::string_view text) {
  if (!is_number(text)) return false;
  const char* end = text.data() + text.size();
  if (text.find_first_of(".eE") == std::string_view::npos) {
    std::int64_t low = 0;
    std::uint64_t high = 0;
    return std::from_chars(text.data(), end, low).ec != std::errc{} &&
           std::from_chars(text.data(), end, high).ec != std::errc{};
  }
  double value = 0;
  const bool tiny =
      text.find("e-") != std::string_view::npos || text.find("E-") != std::string_view::npos;
  return std::from_chars(text.data(), end, value).ec == std::errc::result_out_of_range && !tiny;
}

// The code unit of `\uXXXX` at this place; nothing when there is none.
std::optional<unsigned> unit_at(std::string_view text, std::size_t at) {
  if (text.substr(at, 2) != "\\u" || at + 6 > text.size()) return std::nullopt;
  unsigned unit = 0;
  const auto read = std::from_chars(text.data() + at + 2, text.data() + at + 6, unit, 16);
  return read.ptr == text.data() + at + 6 ? std::optional(unit) : std::nullopt;
}

// Copies the escape sequence at `at`, with a lone surrogate replaced; returns how much it took.
std::size_t mend_escape(std::string_view text, std::size_t at, std::string& out) {
  const auto unit = unit_at(text, at);
  const bool surrogate = unit && *unit >= 0xD800 && *unit <= 0xDFFF;
  if (!surrogate) {
    out += text.substr(at, 2);
    return 2;
  }
  const auto next = unit_at(text, at + 6);
  if (*unit < 0xDC00 && next && *next >= 0xDC00 && *next <= 0xDFFF) {
    out += text.substr(at, 12);
    return 12;
  }
  out += "\\ufffd";
  return 6;
}

// The text with every legal value that the parser cannot hold replaced.
std::string mend(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 4 + BodyView::room);
  bool in_string = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (in_string && c == '\\') {
      at += mend_escape(text, at, out);
      continue;
    }
    if (c == '"') in_string = !in_string;
    if (in_string || (c != '-' && (c < '0' || c > '9'))) {
      out += c;
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < text.size() && is_number_character(text[end])) ++end;
    const std::string_view number = text.substr(at, end - at);
    out += too_large_a_number(number) ? std::string_view("null") : number;
    at += number.size();
  }
  return out;
}

// Values and names outside strings, counted by what separates them.
std::size_t count_values(std::string_view text) {
  std::size_t count = 1;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && in_string) {
      ++at;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == ',' || c == ':' || c == '[' || c == '{')) {
      ++count;
    }
  }
  return count;
}

std::string lowered(std::string_view text) {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return low;
}

// Where the object or array at the front of the text ends, by its brackets; its size if nowhere.
std::size_t end_of_first(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && in_string) {
      ++at;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (in_string) {
      continue;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && --depth == 0) {
      return at + 1;
    }
  }
  return text.size();
}

}  // namespace

std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

std::string_view without_blanks_around(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

bool may_be_type(std::string_view content_type, std::string_view lower_case_word) {
  return content_type.empty() || lowered(content_type).find(lower_case_word) != std::string::npos;
}

bool looks_like_html(std::string_view text) {
  const std::string head = lowered(text.substr(0, 16));
  return head.starts_with("<!doctype") || head.starts_with("<html") || head.starts_with("<head");
}

simdjson::error_code JsonBody::read(std::string_view text, bool has_room) {
  static_assert(BodyView::room >= simdjson::SIMDJSON_PADDING);
  if (parser_.capacity() < text.size() || parser_.max_depth() != deepest) {
    const auto allocated = parser_.allocate(std::max<std::size_t>(text.size(), 512), deepest);
    if (allocated != simdjson::SUCCESS) return allocated;
  }
  return parser_.parse(text.data(), text.size(), !has_room).get(root_);
}

FindingCode JsonBody::problem_of(simdjson::error_code error, std::string_view text, bool has_room) {
  switch (error) {
    case simdjson::DEPTH_ERROR:
      return FindingCode::too_deep;
    case simdjson::UTF8_ERROR:
      return FindingCode::invalid_utf8;
    case simdjson::CAPACITY:
    case simdjson::MEMALLOC:
      return FindingCode::too_large;
    default:
      break;
  }
  if (text.find_first_of("{[") != 0) return FindingCode::not_json;
  // Two documents in one body look like a broken one to the parser; tell them apart.
  const std::string_view first = text.substr(0, end_of_first(text));
  const bool room_behind = has_room || text.size() - first.size() >= BodyView::room;
  const bool more = first.size() < text.size() && read(first, room_behind) == simdjson::SUCCESS;
  return more ? FindingCode::trailing_data : FindingCode::not_json;
}

std::optional<FindingCode> JsonBody::parse(std::string_view text, bool has_room) {
  mended_ = false;
  const std::size_t most_values = values_in_any_case + byte_cap_ / bytes_per_value;
  if (text.size() > byte_cap_) return FindingCode::too_large;
  if (text.size() / 2 > most_values && count_values(text) > most_values) {
    return FindingCode::too_large;
  }
  simdjson::error_code error = read(text, has_room);
  if (error == simdjson::NUMBER_ERROR || error == simdjson::NUMBER_OUT_OF_RANGE ||
      error == simdjson::STRING_ERROR) {
    if (text.size() > byte_cap_ / 2) return FindingCode::too_large;  // the copy would be too much
    const std::string mended = mend(text);
    error = read(mended, true);
    mended_ = error == simdjson::SUCCESS;
  }
  if (error == simdjson::SUCCESS) return std::nullopt;
  return problem_of(error, text, has_room);
}

}  // namespace smokeledger::probes::core
