// Writes compact ASCII JSON into a string: the one way this product makes JSON. Members stand in
// the order they are written; control and non-ASCII characters become \u escapes; invalid UTF-8
// becomes U+FFFD. No floating point on purpose: units are chosen so that integers suffice.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace smokeledger::probes::core {

class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view);
  JsonWriter& string(std::string_view);
  JsonWriter& boolean(bool);
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);  // a complete JSON value, taken as it is
  template <std::integral I>
  JsonWriter& integer(I value) {
    return raw(std::to_string(value));
  }
  template <class Range>
  JsonWriter& strings(const Range& range) {
    begin_array();
    for (const auto& item : range) string(item);
    return end_array();
  }

  const std::string& text() const { return text_; }
  std::string take() { return std::move(text_); }

 private:
  void separate();

  std::string text_;
  bool need_comma_ = false;
};

// `"text"` with escapes, appended.
void append_json_string(std::string& out, std::string_view text);

}  // namespace smokeledger::probes::core
