// The projections thread: owns the metrics registry. Others hand it work; it never blocks them.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>

#include "exporters/metrics/metrics.h"

namespace smokeledger::daemon {

class Projections {
 public:
  using Work = std::function<void(exporters::metrics::Metrics&)>;

  explicit Projections(std::string_view build);
  ~Projections();  // does what is queued, then joins
  Projections(const Projections&) = delete;
  Projections& operator=(const Projections&) = delete;

  void post(Work);  // any thread; done in order

 private:
  void work(std::string_view build);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Work> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace smokeledger::daemon
