// Ten million random runs of the retry policy on a virtual clock: no bound may break. One core,
// minutes; SMOKELEDGER_RUNS=N for another number.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "tests/support/walk_simulation.h"

int main() {
  using smokeledger::tests::broken_by_run;
  const char* const wanted = std::getenv("SMOKELEDGER_RUNS");
  const std::uint64_t runs = wanted == nullptr ? 10'000'000 : std::strtoull(wanted, nullptr, 10);
  constexpr std::uint64_t first_seed = 1'000'000'000;
  const auto began = std::chrono::steady_clock::now();
  std::uint64_t broken = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + runs; ++seed) {
    const auto what = broken_by_run(seed);
    if (!what) continue;
    if (++broken <= 10)
      std::printf("seed %llu: %s\n", static_cast<unsigned long long>(seed), what->c_str());
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%llu runs from seed %llu, %llu broken, %.0f s\n",
              static_cast<unsigned long long>(runs),
              static_cast<unsigned long long>(first_seed),
              static_cast<unsigned long long>(broken),
              took.count());
  return broken == 0 && runs > 0 ? 0 : 1;
}
