// Any bytes are read as a stream of every family, with the same events however they are split.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/contracts.h"
#include "probes/core/sse.h"
#include "probes/families/stream_reading.h"

namespace {

using namespace smokeledger::probes;

std::vector<std::string> events_of(std::string_view bytes, std::size_t piece) {
  std::vector<std::string> events;
  core::EventReader reader([&](const core::ServerSentEvent& event) {
    events.push_back(std::string(event.type) + '\0' + std::string(event.data) +
                     (event.closed ? "" : " (open)"));
  });
  for (std::size_t at = 0; at < bytes.size(); at += piece) reader.feed(bytes.substr(at, piece));
  reader.end();
  return events;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto loaded = smokeledger::daemon::config::load_contracts("");
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto whole = events_of(body, size + 1);
  for (const std::size_t piece : {1U, 2U, 3U, 7U}) {
    if (events_of(body, piece) != whole) std::abort();
  }
  for (const auto& contract : loaded.contracts) {
    if (!contract->stream) continue;
    const auto reading = families::read_stream(*contract, 200, "text/event-stream", body);
    const bool documented = reading.verdict == core::Verdict::documented_shape;
    const bool accepted = reading.parser_result == core::ParserResult::accepted;
    if (accepted && !documented) std::abort();
    if (accepted != reading.findings.empty()) std::abort();
  }
  return 0;
}
