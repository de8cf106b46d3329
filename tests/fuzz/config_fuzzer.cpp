// Any bytes give a configuration or errors with places, and never both nor neither.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/config/contracts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace smokeledger::daemon::config;
  static const auto loaded = load_contracts("");
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const ReadResult result = read_config("fuzzed.toml", bytes, loaded.contracts);
  if (result.config.has_value() != result.errors.empty()) std::abort();
  for (const auto& error : result.errors) {
    if (error.problem.empty() || error.fix.empty()) std::abort();
  }
  return 0;
}
