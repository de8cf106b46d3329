// Reproducible chance for simulations: the same seed gives the same numbers everywhere.
#pragma once

#include <cstdint>
#include <random>

namespace smokeledger::tests {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t next() { return engine_(); }
  // 0 to n - 1. REQUIRES: n > 0.
  std::int64_t below(std::uint64_t n) { return static_cast<std::int64_t>(next() % n); }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  // In [0, 1).
  double draw() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }
  template <class List>
  auto of(const List& list) {
    return list[static_cast<std::size_t>(below(list.size()))];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace smokeledger::tests
