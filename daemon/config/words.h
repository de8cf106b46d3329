// Reading a word of a closed list.
#pragma once

#include <string>
#include <string_view>

#include "daemon/config/secrets.h"
#include "daemon/config/section.h"
#include "probes/core/words.h"

namespace smokeledger::daemon::config {

// `a, b, c`
template <probes::core::Worded E>
std::string words_of() {
  std::string list;
  for (const auto word : probes::core::Words<E>::list) {
    list.append(list.empty() ? "" : ", ").append(word);
  }
  return list;
}

template <probes::core::Worded E>
E read_word(const Section& in, std::string_view key, E fallback) {
  const std::string text = in.text(key, probes::core::word(fallback));
  if (const auto value = probes::core::from_word<E>(text)) return *value;
  in.error(key,
           join_path(in.path(), key) + " is " + shown(text) + ", not a known word",
           "write one of: " + words_of<E>());
  return fallback;
}

}  // namespace smokeledger::daemon::config
