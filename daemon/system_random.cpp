#include "daemon/system_random.h"

namespace smokeledger::daemon {

SystemRandom::SystemRandom() : engine_(std::random_device{}()) {}

probes::core::Draw SystemRandom::draw() {
  return {uniform_(engine_)};
}

}  // namespace smokeledger::daemon
