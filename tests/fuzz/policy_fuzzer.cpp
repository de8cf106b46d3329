// Any bytes are refused with a reason or read as a policy; what was read is written and read again
// as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "probes/core/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace smokeledger::probes::core;
  const auto plan = read_policy(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!plan) {
    if (plan.error().empty()) std::abort();
    return 0;
  }
  const std::string text = policy_text(*plan);
  const auto again = read_policy(text);
  if (!again || policy_text(*again) != text) std::abort();
  return 0;
}
