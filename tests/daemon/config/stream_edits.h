// The shipped contracts, the sample streams, and what can be done to a stream's events.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/config/contracts.h"
#include "probes/families/stream_reading.h"
#include "tests/daemon/config/sample_replies.h"

namespace smokeledger::daemon::config::streams {

using Events = std::vector<tests::replies::Event>;

inline const core::Contract& shipped(core::EndpointFamily family) {
  static const ContractsResult loaded = load_contracts("");
  return *loaded.contracts.at(static_cast<std::size_t>(family));
}

inline core::Reading read(core::EndpointFamily family,
                          std::string_view body,
                          int status = 200,
                          std::string_view type = "text/event-stream") {
  return probes::families::read_stream(shipped(family), status, type, body);
}

inline Events drop(Events events, std::size_t from, std::size_t count = 1) {
  const auto first = events.begin() + static_cast<std::ptrdiff_t>(from);
  events.erase(first, first + static_cast<std::ptrdiff_t>(count));
  return events;
}
inline Events add(Events events, std::size_t before, tests::replies::Event event) {
  events.insert(events.begin() + static_cast<std::ptrdiff_t>(before), std::move(event));
  return events;
}
inline Events swap(Events events, std::size_t a, std::size_t b) {
  std::swap(events[a], events[b]);
  return events;
}
inline Events edit(Events events, std::size_t at, const std::string& was, const std::string& is) {
  auto& data = events[at].data;
  data.replace(data.find(was), was.size(), is);
  return events;
}
inline Events unnamed(Events events) {
  for (auto& event : events) event.name.clear();
  return events;
}

}  // namespace smokeledger::daemon::config::streams
