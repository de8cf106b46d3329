// Any bytes are judged by every contract at any status, whole and as a stream, and never crash the
// reader.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/config/contracts.h"
#include "probes/core/reading.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace smokeledger;
  static const auto loaded = daemon::config::load_contracts("");
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const auto& contract : loaded.contracts) {
    for (const int status : {200, 429, 500}) {
      const auto reading = probes::core::check(*contract, status, "application/json", body);
      const bool accepted = reading.parser_result == probes::core::ParserResult::accepted;
      const bool documented = reading.verdict == probes::core::Verdict::documented_shape;
      if (accepted && (status != 200 || !documented)) std::abort();
      if (accepted != (status == 200 && reading.findings.empty())) std::abort();
    }
  }
  return 0;
}
