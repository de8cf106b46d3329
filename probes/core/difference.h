// Where a recorded value is not what its evidence leads to.
#pragma once

#include <string>

namespace smokeledger::probes::core {

struct Difference {
  std::string field;       // as a ledger line spells it, attempts[0].reason
  std::string recorded;    // what the line says
  std::string recomputed;  // what it should say; in words where more than one value would do

  bool operator==(const Difference&) const = default;
};

}  // namespace smokeledger::probes::core
