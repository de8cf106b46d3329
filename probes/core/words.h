// Closed lists of words. Every enumeration that is written to TOML, a ledger line, a metric label
// or a page has its words beside it, in the enumerators' order, so that one thing has one spelling.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace smokeledger::probes::core {

// Specialised beside each enumeration: `static constexpr std::array<std::string_view, N> list`.
template <class E>
struct Words;

template <class E>
concept Worded = requires {
  Words<E>::list.size();
};

template <Worded E>
constexpr std::string_view word(E value) {
  return Words<E>::list[static_cast<std::size_t>(value)];
}

template <Worded E>
constexpr std::optional<E> from_word(std::string_view text) {
  for (std::size_t i = 0; i < Words<E>::list.size(); ++i) {
    if (Words<E>::list[i] == text) return static_cast<E>(i);
  }
  return std::nullopt;
}

// Every value of the enumeration, in order.
template <Worded E>
constexpr auto every() {
  std::array<E, Words<E>::list.size()> values{};
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<E>(i);
  return values;
}

}  // namespace smokeledger::probes::core
