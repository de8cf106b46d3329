// Chance for schedules and backoff: seeded once from the system. io thread only.
#pragma once

#include <random>

#include "probes/run/seams.h"

namespace smokeledger::daemon {

class SystemRandom : public probes::run::Random {
 public:
  SystemRandom();
  probes::core::Draw draw() override;

 private:
  std::mt19937_64 engine_;
  std::uniform_real_distribution<double> uniform_{0.0, 1.0};
};

}  // namespace smokeledger::daemon
