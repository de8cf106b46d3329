#include "daemon/projections.h"

#include <string>
#include <utility>

namespace smokeledger::daemon {

Projections::Projections(std::string_view build)
    : thread_([this, build = std::string(build)] { work(build); }) {}

Projections::~Projections() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Projections::post(Work work) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(work));
  }
  wake_.notify_one();
}

void Projections::work(std::string_view build) {
  exporters::metrics::Metrics metrics(build);
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const Work next = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    next(metrics);
    lock.lock();
  }
}

}  // namespace smokeledger::daemon
