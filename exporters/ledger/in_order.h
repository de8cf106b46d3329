// Work that may be done in any order, on all cores, and whose products are wanted in order.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace smokeledger::exporters::ledger {

// work(0), work(1), ... work(count - 1) on as many threads as this process has cores; take(product)
// on the calling thread, in that order, until it returns false. At most twice as many products as
// threads wait to be taken. `work` runs on several threads at once and must not throw.
template <class Work, class Take>
void in_order(std::size_t count, Work work, Take take) {
  using Product = decltype(work(std::size_t{}));
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::size_t, Product> waiting;
  std::size_t next = 0;
  std::size_t taken = 0;
  bool stopped = false;
  const std::size_t threads =
      std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), count);

  const auto produce = [&] {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [&] { return stopped || next == count || next < taken + 2 * threads; });
      if (stopped || next == count) return;
      const std::size_t index = next++;
      lock.unlock();
      Product product = work(index);
      lock.lock();
      waiting.emplace(index, std::move(product));
      changed.notify_all();
    }
  };

  std::vector<std::jthread> producers;
  try {
    while (threads > 1 && producers.size() < threads) producers.emplace_back(produce);
  } catch (const std::system_error&) {
    // As many as may be started do it; with none the calling thread does.
  }
  for (bool more = true; more && taken < count;) {
    if (producers.empty()) {
      more = take(work(taken++));
      continue;
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return waiting.contains(taken); });
    Product product = std::move(waiting.extract(taken).mapped());
    ++taken;
    lock.unlock();
    changed.notify_all();
    more = take(std::move(product));
  }
  {
    const std::lock_guard lock(mutex);
    stopped = true;
  }
  changed.notify_all();
}

}  // namespace smokeledger::exporters::ledger
