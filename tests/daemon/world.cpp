#include "tests/daemon/world.h"

#include <algorithm>
#include <memory>
#include <string_view>

namespace smokeledger::tests {
namespace {

using exporters::ledger::AppendFile;
using exporters::ledger::LedgerError;
using exporters::ledger::LedgerErrorKind;
using exporters::ledger::Result;

class BreakableFile final : public AppendFile {
 public:
  BreakableFile(const BreakableDisk& disk, std::unique_ptr<AppendFile> real)
      : disk_(disk), real_(std::move(real)) {}

  Result<void> reserve(std::uint64_t bytes) override {
    if (disk_.full()) {
      return LedgerError{LedgerErrorKind::no_space, "the disk of this test is full"};
    }
    return real_->reserve(bytes);
  }
  Result<void> append(std::string_view bytes) override {
    if (disk_.broken()) return refusal();
    return real_->append(bytes);
  }
  Result<void> sync() override {
    if (disk_.broken()) return refusal();
    return real_->sync();
  }

 private:
  static LedgerError refusal() { return {LedgerErrorKind::io, "the disk of this test is broken"}; }

  const BreakableDisk& disk_;
  std::unique_ptr<AppendFile> real_;
};

}  // namespace

core::Stamp WorldClock::stamp() const {
  static const core::WallTime beginning = *core::parse_utc("2026-11-21T08:00:00Z");
  const auto shown = std::chrono::floor<std::chrono::seconds>(passed() + wall_offset_);
  const std::string digits = std::to_string(boot_);
  return {beginning + shown, std::string(8 - digits.size(), '0') + digits, now_};
}

WorldClock::TimerId WorldClock::at(core::Instant when, std::function<void()> callback) {
  timers_.emplace(std::pair{std::max(when, now_), ++last_}, std::move(callback));
  return last_;
}

void WorldClock::cancel(TimerId id) {
  const auto found = std::find_if(
      timers_.begin(), timers_.end(), [id](const auto& timer) { return timer.first.second == id; });
  if (found != timers_.end()) timers_.erase(found);
}

bool WorldClock::fire_next(core::Instant until) {
  if (timers_.empty() || timers_.begin()->first.first > until) return false;
  const auto node = timers_.extract(timers_.begin());
  move_to(node.key().first);
  node.mapped()();
  return true;
}

void WorldClock::reboot(core::Milliseconds down) {
  timers_.clear();
  before_boot_ = passed() + down;
  now_ = core::Instant{};
  ++boot_;
}

exporters::ledger::OpenAppendFile BreakableDisk::opener() {
  return [this](const std::filesystem::path& path) -> Result<std::unique_ptr<AppendFile>> {
    auto real = exporters::ledger::open_posix_file(path);
    if (!real) return real.error();
    return std::unique_ptr<AppendFile>(std::make_unique<BreakableFile>(*this, std::move(*real)));
  };
}

void IoQueue::post(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  queue_.push_back(std::move(work));
}

std::vector<std::function<void()>> IoQueue::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(queue_, {});
}

bool IoQueue::run() {
  bool any = false;
  for (auto works = take(); !works.empty(); works = take()) {
    any = true;
    for (const auto& work : works) work();
  }
  return any;
}

void IoQueue::clear() {
  take();
}

}  // namespace smokeledger::tests
