#include "exporters/ledger/ledger_thread.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <limits>
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
struct MakeCheckpoint {
  core::WallTime now{};
  LedgerThread::Done done;
};
using Tell = std::function<void(std::vector<LedgerRecord>)>;
struct TellCheckpoints {
  Tell tell;
};
using Job = std::variant<Append, UsePolicies, MakeCheckpoint, TellCheckpoints>;
using Jobs = std::deque<Job>;

// Those of the ledger's own checkpoints that stand before line `before`.
void tell_until(std::uint64_t before, std::vector<LedgerRecord>& checkpoints, const Tell& tell) {
  const auto end =
      std::find_if(checkpoints.begin(), checkpoints.end(), [before](const auto& checkpoint) {
        return checkpoint.seq() >= before;
      });
  if (end != checkpoints.begin() && tell) tell({checkpoints.begin(), end});
  checkpoints.erase(checkpoints.begin(), end);
}

constexpr std::uint64_t behind_all = std::numeric_limits<std::uint64_t>::max();

// Gives the records of an append, and tells of the checkpoints around them.
template <class Give>
void give_in_order(Ledger& ledger,
                   const Result<std::vector<LedgerRecord>>& records,
                   const Tell& tell,
                   Give give) {
  auto checkpoints = ledger.take_checkpoints();
  if (records && !records->empty()) tell_until(records->front().seq(), checkpoints, tell);
  give();
  tell_until(behind_all, checkpoints, tell);
}

void append_alone(Ledger& ledger, const Append& append, const Tell& tell) {
  const auto records = ledger.append(append.lines, append.now);
  give_in_order(ledger, records, tell, [&] { append.done(records); });
}

// Of one append after the other, out of the records of all.
void give_each(const std::vector<Append>& commit,
               const Result<std::vector<LedgerRecord>>& records) {
  std::size_t next = 0;
  for (const auto& append : commit) {
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

// The appends at the front of the queue, up to the first other job, as one commit.
void commit_front(Ledger& ledger, Jobs& jobs, const Tell& tell) {
  std::vector<Append> commit;
  while (!jobs.empty() && std::holds_alternative<Append>(jobs.front())) {
    commit.push_back(std::move(std::get<Append>(jobs.front())));
    jobs.pop_front();
  }
  std::vector<LineGroup> groups;
  groups.reserve(commit.size());
  for (const auto& append : commit) groups.push_back({append.lines, append.now});
  const auto records = ledger.append_groups(groups);
  if (!records && records.error().kind == LedgerErrorKind::no_space) {
    // Nothing was written. What there is room for does not wait for what there is not.
    for (const auto& append : commit) append_alone(ledger, append, tell);
    return;
  }
  give_in_order(ledger, records, tell, [&] { give_each(commit, records); });
}

void take_up(Ledger& ledger, UsePolicies job, const Tell& tell) {
  auto used = ledger.use_policies(std::move(job.policies), job.now);
  auto checkpoints = ledger.take_checkpoints();
  tell_until(behind_all, checkpoints, tell);
  if (used) {
    job.done(std::vector<LedgerRecord>{});
  } else {
    job.done(used.error());
  }
}

void take_up(Ledger& ledger, MakeCheckpoint job, const Tell& tell) {
  auto records = ledger.checkpoint(job.now);
  auto others = ledger.take_checkpoints();
  tell_until(behind_all, others, tell);
  job.done(std::move(records));
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
        if (std::holds_alternative<Append>(jobs.front())) {
          commit_front(*ledger, jobs, tell);
          continue;
        }
        Job job = std::move(jobs.front());
        jobs.pop_front();
        if (auto* policies = std::get_if<UsePolicies>(&job)) {
          take_up(*ledger, std::move(*policies), tell);
        } else if (auto* checkpoint = std::get_if<MakeCheckpoint>(&job)) {
          take_up(*ledger, std::move(*checkpoint), tell);
        } else if (auto* listener = std::get_if<TellCheckpoints>(&job)) {
          tell = std::move(listener->tell);
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
  Tell tell;  // touched on the ledger thread only
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

void LedgerThread::checkpoint(core::WallTime now, Done done) {
  impl_->post(MakeCheckpoint{now, std::move(done)});
}

void LedgerThread::tell_checkpoints(std::function<void(std::vector<LedgerRecord>)> tell) {
  impl_->post(TellCheckpoints{std::move(tell)});
}

}  // namespace smokeledger::exporters::ledger
