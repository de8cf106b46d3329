// One JSON text of a reply, parsed: what it is, or which class of thing it is not. For the core and
// probes/families.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "probes/core/reading.h"

namespace smokeledger::probes::core {

std::string_view without_byte_order_mark(std::string_view);
std::string_view without_blanks_around(std::string_view);  // space, tab, CR, LF
bool looks_like_html(std::string_view);
// Whether a Content-Type, which has no case, holds this word; an empty one says nothing against it.
bool may_be_type(std::string_view content_type, std::string_view lower_case_word);

// Parses one text after another into the same memory.
class JsonBody {
 public:
  // `byte_cap`: memory is bounded by twice this, so a text with too many values for it is refused
  // as too_large.
  explicit JsonBody(std::size_t byte_cap = most_body_bytes) : byte_cap_(byte_cap) {}

  // What is wrong with the text as JSON (RFC 8259); nothing: root() holds until the next parse.
  // simdjson cannot hold every legal number and string. Where that is all that is wrong, those
  // values are replaced (numbers by null, lone surrogates by U+FFFD) and mended() is true.
  // `has_room`: BodyView::room bytes behind the text may be read, so that no copy of it is made.
  std::optional<FindingCode> parse(std::string_view text, bool has_room = false);
  simdjson::dom::element root() const { return root_; }
  bool mended() const { return mended_; }

 private:
  simdjson::error_code read(std::string_view text, bool has_room);
  FindingCode problem_of(simdjson::error_code, std::string_view text, bool has_room);

  std::size_t byte_cap_;
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
  bool mended_ = false;
};

}  // namespace smokeledger::probes::core
