#include "probes/core/contract.h"

#include <algorithm>

namespace smokeledger::probes::core {

std::optional<EndpointFamily> family_from(std::string_view text) {
  std::string name(text);
  std::replace(name.begin(), name.end(), '-', '_');
  return from_word<EndpointFamily>(name);
}

}  // namespace smokeledger::probes::core
