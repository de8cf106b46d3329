#include "daemon/commands/progress_bar.h"

#include <string>

namespace smokeledger::daemon::commands {
namespace {

constexpr std::uint64_t soon_done = 64ULL << 20U;  // bytes
constexpr unsigned width = 40;

}  // namespace

void ProgressBar::show(std::uint64_t done, std::uint64_t all) {
  if (!shown_ || all < soon_done) return;
  const auto percent =
      static_cast<unsigned>(static_cast<double>(done) * 100.0 / static_cast<double>(all));
  if (percent == last_) return;
  last_ = percent;
  const unsigned filled = percent * width / 100;
  err_ << "\r[" << std::string(filled, '#') << std::string(width - filled, '.') << "] " << percent
       << " % of " << (all >> 20U) << " MiB" << std::flush;
}

void ProgressBar::clear() {
  if (last_ == 0) return;
  err_ << "\r\x1B[K" << std::flush;
  last_ = 0;
}

}  // namespace smokeledger::daemon::commands
