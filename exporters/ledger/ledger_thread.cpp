#include "exporters/ledger/ledger_thread.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <variant>

namespace smokeledger::exporters::ledger {
namespace {

struct Append {
  std::vector<core::Line> lines;
  core::WallTime now{};
  LedgerThread::Done done;
};
struct UsePolicies {
  std::vector<core::PolicyLine> policies;
  core::WallTime now{};
  LedgerThread::Done done;
};
using Job = std::variant<Append, UsePolicies>;
using Jobs = std::deque<Job>;

// The appends at the front of the queue, up to the first other job, as one commit.
void commit_front(Ledger& ledger, Jobs& jobs) {
  std::vector<Append> commit;
  while (!jobs.empty() && std::holds_alternative<Append>(jobs.front())) {
    commit.push_back(std::move(std::get<Append>(jobs.front())));
    jobs.pop_front();
  }
  std::vector<LineGroup> groups;
  groups.reserve(commit.size());
  for (const auto& append : commit) groups.push_back({append.lines, append.now});
  auto records = ledger.append_groups(groups);
  if (!records && records.error().kind == LedgerErrorKind::no_space) {
    // Nothing was written. What there is room for does not wait for what there is not.
    for (auto& append : commit) append.done(ledger.append(append.lines, append.now));
    return;
  }
  std::size_t next = 0;
  for (auto& append : commit) {
    if (!records) {
      append.done(records.error());
      continue;
    }
    const auto first = records->begin() + static_cast<std::ptrdiff_t>(next);
    next += append.lines.size();
    append.done(
        std::vector<LedgerRecord>(first, records->begin() + static_cast<std::ptrdiff_t>(next)));
  }
}

void take_up(Ledger& ledger, UsePolicies job) {
  auto used = ledger.use_policies(std::move(job.policies), job.now);
  if (used) {
    job.done(std::vector<LedgerRecord>{});
  } else {
    job.done(used.error());
  }
}

}  // namespace

struct LedgerThread::Impl {
  explicit Impl(std::unique_ptr<Ledger> owned)
      : ledger(std::move(owned)), thread([this] { run(); }) {}

  void post(Job job) {
    {
      const std::lock_guard lock(mutex);
      queue.push_back(std::move(job));
    }
    wake.notify_one();
  }

  void run() {
    Jobs jobs;
    while (take(jobs)) {
      while (!jobs.empty()) {
        if (auto* policies = std::get_if<UsePolicies>(&jobs.front())) {
          take_up(*ledger, std::move(*policies));
          jobs.pop_front();
        } else {
          commit_front(*ledger, jobs);
        }
      }
    }
  }

  // Everything queued; false when there is nothing and nothing will come.
  bool take(Jobs& jobs) {
    std::unique_lock lock(mutex);
    wake.wait(lock, [this] { return ending || !queue.empty(); });
    jobs.swap(queue);
    return !jobs.empty();
  }

  std::unique_ptr<Ledger> ledger;
  std::mutex mutex;
  std::condition_variable wake;
  Jobs queue;
  bool ending = false;
  std::thread thread;  // last: it uses all of the above
};

LedgerThread::LedgerThread(std::unique_ptr<Ledger> ledger)
    : impl_(std::make_unique<Impl>(std::move(ledger))) {}

LedgerThread::~LedgerThread() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->ending = true;
  }
  impl_->wake.notify_one();
  impl_->thread.join();
}

void LedgerThread::append(std::vector<core::Line> lines, core::WallTime now, Done done) {
  impl_->post(Append{std::move(lines), now, std::move(done)});
}

void LedgerThread::use_policies(std::vector<core::PolicyLine> policies,
                                core::WallTime now,
                                Done done) {
  impl_->post(UsePolicies{std::move(policies), now, std::move(done)});
}

}  // namespace smokeledger::exporters::ledger
