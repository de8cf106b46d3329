// Reads the members of one JSON object in the order they stand. The first failure sticks: later
// reads return empty values, and the caller asks once, at the end, whether everything was there.
// Only decode*.cpp include this.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "probes/core/time.h"
#include "probes/core/words.h"

namespace smokeledger::exporters::ledger {

namespace core = probes::core;

// Shared by the readers of nested objects.
struct ReadFailure {
  std::string member;  // empty: none so far
};

class JsonReader {
 public:
  using Value = simdjson::ondemand::value;

  JsonReader(simdjson::ondemand::object object, ReadFailure& failure)
      : object_(object), failure_(failure) {}

  std::string text(std::string_view name);
  bool boolean(std::string_view name);
  core::WallTime utc(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  std::string raw_object(std::string_view name);  // its bytes

  template <std::integral I>
  I integer(std::string_view name) {
    std::optional<Value> value = find(name);
    return value ? narrow<I>(name, *value) : I{};
  }
  template <core::Worded E>
  E choice(std::string_view name) {
    return chosen<E>(name, text(name));
  }
  // Null is empty; anything else is read by `read(JsonReader&)`.
  template <class Read>
  auto optional_object(std::string_view name, Read read)
      -> std::optional<decltype(read(std::declval<JsonReader&>()))> {
    std::optional<Value> value = find_unless_null(name);
    if (!value) return std::nullopt;
    return read_object(name, *value, read);
  }
  // A member that is not written when there is nothing to say.
  template <class Read>
  auto object_if_there(std::string_view name, Read read)
      -> std::optional<decltype(read(std::declval<JsonReader&>()))> {
    std::optional<Value> value = find_if_there(name);
    if (!value) return std::nullopt;
    return read_object(name, *value, read);
  }
  template <class Read>
  auto object(std::string_view name, Read read) -> decltype(read(std::declval<JsonReader&>())) {
    std::optional<Value> value = find(name);
    if (!value) return {};
    return read_object(name, *value, read);
  }
  template <class Read>
  auto objects(std::string_view name, Read read)
      -> std::vector<decltype(read(std::declval<JsonReader&>()))> {
    std::vector<decltype(read(std::declval<JsonReader&>()))> items;
    simdjson::ondemand::array array;
    if (!find_array(name, array)) return items;
    for (auto element : array) {
      Value value;
      if (element.get(value) != simdjson::SUCCESS) {
        fail(name);
        break;
      }
      items.push_back(read_object(name, value, read));
      if (failed()) break;
    }
    return items;
  }
  template <std::integral I>
  std::optional<I> optional_integer(std::string_view name) {
    std::optional<Value> value = find_unless_null(name);
    if (!value) return std::nullopt;
    return narrow<I>(name, *value);
  }
  // A member that is not written when there is nothing to say.
  template <std::integral I>
  std::optional<I> integer_if_there(std::string_view name) {
    std::optional<Value> value = find_if_there(name);
    if (!value) return std::nullopt;
    return narrow<I>(name, *value);
  }
  // `unknown` is empty.
  template <std::integral I>
  std::optional<I> integer_or_unknown(std::string_view name) {
    std::optional<Value> value = find(name);
    std::string_view text;
    if (!value) return std::nullopt;
    if (value->get_string().get(text) != simdjson::SUCCESS) return narrow<I>(name, *value);
    if (text != "unknown") fail(name);
    return std::nullopt;
  }
  template <std::integral I>
  std::vector<I> integers(std::string_view name) {
    std::vector<I> items;
    simdjson::ondemand::array array;
    if (!find_array(name, array)) return items;
    for (auto element : array) {
      Value value;
      if (element.get(value) != simdjson::SUCCESS) fail(name);
      if (failed()) break;
      items.push_back(narrow<I>(name, value));
    }
    return items;
  }
  // Null items are empty; a member that is not there is an empty list.
  template <std::integral I>
  std::vector<std::optional<I>> optional_integers_if_there(std::string_view name) {
    std::vector<std::optional<I>> items;
    std::optional<Value> list = find_if_there(name);
    simdjson::ondemand::array array;
    if (!list) return items;
    if (list->get_array().get(array) != simdjson::SUCCESS) fail(name);
    if (failed()) return items;
    for (auto element : array) {
      Value value;
      bool null = false;
      if (element.get(value) != simdjson::SUCCESS || value.is_null().get(null) != simdjson::SUCCESS)
        fail(name);
      if (failed()) break;
      items.push_back(null ? std::nullopt : std::optional<I>(narrow<I>(name, value)));
    }
    return items;
  }
  std::optional<std::string> optional_text(std::string_view name);
  std::optional<std::string> text_if_there(std::string_view name);
  std::optional<core::WallTime> optional_utc(std::string_view name);
  std::optional<core::WallTime> utc_if_there(std::string_view name);
  template <core::Worded E>
  std::optional<E> optional_choice(std::string_view name) {
    const std::optional<std::string> word = optional_text(name);
    if (!word) return std::nullopt;
    return chosen<E>(name, *word);
  }

  template <core::Worded E>
  std::optional<E> choice_unless_empty(std::string_view name) {
    const std::string word = text(name);
    if (word.empty()) return std::nullopt;
    return chosen<E>(name, word);
  }

  // For shapes the functions above do not have.
  simdjson::ondemand::object& members() { return object_; }
  bool failed() const { return !failure_.member.empty(); }
  void fail(std::string_view name) {
    if (!failed()) failure_.member = name;
  }

 private:
  std::optional<Value> find(std::string_view name);
  std::optional<Value> find_unless_null(std::string_view name);
  std::optional<Value> find_if_there(std::string_view name);
  bool find_array(std::string_view name, simdjson::ondemand::array& array);
  std::string as_text(std::string_view name, Value& value);

  template <std::integral I>
  I narrow(std::string_view name, Value& value) {
    if constexpr (std::signed_integral<I>) {
      std::int64_t wide = 0;
      if (value.get_int64().get(wide) == simdjson::SUCCESS && std::in_range<I>(wide)) {
        return static_cast<I>(wide);
      }
    } else {
      std::uint64_t wide = 0;
      if (value.get_uint64().get(wide) == simdjson::SUCCESS && std::in_range<I>(wide)) {
        return static_cast<I>(wide);
      }
    }
    fail(name);
    return I{};
  }
  template <core::Worded E>
  E chosen(std::string_view name, std::string_view text) {
    const std::optional<E> value = core::from_word<E>(text);
    if (!value) fail(name);
    return value.value_or(E{});
  }
  template <class Read>
  auto read_object(std::string_view name, Value& value, Read read)
      -> decltype(read(std::declval<JsonReader&>())) {
    simdjson::ondemand::object nested;
    if (value.get_object().get(nested) != simdjson::SUCCESS) {
      fail(name);
      return {};
    }
    JsonReader reader(nested, failure_);
    return read(reader);
  }

  simdjson::ondemand::object object_;
  ReadFailure& failure_;
};

}  // namespace smokeledger::exporters::ledger
