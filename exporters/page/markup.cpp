#include "exporters/page/markup.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace smokeledger::exporters::page {
namespace {

constexpr std::string_view unreadable = "\xEF\xBF\xBD";  // U+FFFD

// The code point that begins `bytes` and its length there; nothing where it is not UTF-8.
// https://www.unicode.org/versions/Unicode15.0.0/ch03.pdf, table 3-7
struct CodePoint {
  std::uint32_t value = 0;
  std::size_t size = 1;
};
std::optional<CodePoint> first_of(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return CodePoint{lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || bytes.size() < size) return std::nullopt;
  std::uint32_t value = lead & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return std::nullopt;
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least[size] || value > 0x10FFFF || surrogate) return std::nullopt;
  return CodePoint{value, size};
}

// Control characters, and those that turn the direction of reading or do not show.
bool is_unseen(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0xFEFF ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE0FFF) || (c & 0xFFFEU) == 0xFFFEU;
}

std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

// The one escaping of these pages, for text and for attributes in double quotes alike.
void append_escaped(std::string& out, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto point = first_of(bytes);
    const std::size_t size = point ? point->size : 1;
    if (!point || is_unseen(point->value)) {
      out += unreadable;
    } else if (const auto named = entity(bytes.front()); !named.empty()) {
      out += named;
    } else {
      out += bytes.substr(0, size);
    }
    bytes.remove_prefix(size);
  }
}

std::string percent_encoded(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : bytes) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_';
    if (plain) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 0x0FU];
  }
  return out;
}

}  // namespace

std::string anchor_id(Fixed prefix, std::string_view name) {
  return std::string(prefix.text()) + '-' + percent_encoded(name);
}

Link Link::ours(Fixed path, std::string_view rest) {
  return {std::string(path.text()) + percent_encoded(rest), false};
}

Link Link::ours(Fixed path, const std::vector<std::pair<std::string, std::string>>& query) {
  std::string address(path.text());
  char separator = '?';
  for (const auto& [name, value] : query) {
    address += separator + percent_encoded(name) + '=' + percent_encoded(value);
    separator = '&';
  }
  return {std::move(address), false};
}

Link Link::anchor(Fixed prefix, std::string_view name) {
  return {'#' + percent_encoded(anchor_id(prefix, name)), false};
}

std::optional<Link> Link::outside(std::string_view url) {
  constexpr std::size_t longest = 2048;
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  const std::string_view host = url.substr(scheme, url.find('/', scheme) - scheme);
  const bool readable = std::all_of(url.begin(), url.end(), [](char c) {
    return c > ' ' && c < '\x7F' && std::string_view("\"'<>\\^`{|}").find(c) == std::string::npos;
  });
  if (scheme == 0 || url.size() > longest || !readable || host.empty() ||
      host.find('@') != std::string_view::npos) {
    return std::nullopt;
  }
  return Link(std::string(url), true);
}

void Markup::open(std::string_view tag, const Attributes& attributes) {
  html_.append("<").append(tag);
  for (const Attribute& attribute : attributes) {
    html_.append(" ").append(attribute.name.text()).append("=\"");
    append_escaped(html_, attribute.value);
    html_ += '"';
  }
}

Markup text(std::string_view bytes) {
  Markup markup;
  append_escaped(markup.html_, bytes);
  return markup;
}

Markup element(Tag tag, const Attributes& attributes, const Markup& inside) {
  Markup markup;
  markup.open(tag.text(), attributes);
  markup.html_.append(">").append(inside.html_).append("</").append(tag.text()).append(">");
  return markup;
}

Markup lone(Tag tag, const Attributes& attributes) {
  Markup markup;
  markup.open(tag.text(), attributes);
  markup.html_ += '>';
  return markup;
}

Markup link(const Link& to, const Attributes& attributes, const Markup& inside) {
  Markup markup;
  markup.open("a", attributes);
  markup.html_ += " href=\"";
  append_escaped(markup.html_, to.address());
  markup.html_ += '"';
  if (to.is_outside()) markup.html_ += " rel=\"noopener noreferrer\"";
  markup.html_.append(">").append(inside.html_).append("</a>");
  return markup;
}

}  // namespace smokeledger::exporters::page
