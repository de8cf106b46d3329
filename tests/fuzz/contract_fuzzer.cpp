// Any bytes give a contract or errors with places, and never both nor neither.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/config/contracts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace smokeledger::daemon::config;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const ContractResult result = read_contract("fuzzed.toml", bytes);
  if ((result.contract != nullptr) != result.errors.empty()) std::abort();
  return 0;
}
