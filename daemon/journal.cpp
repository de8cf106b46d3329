#include "daemon/journal.h"

#include <utility>

#include "probes/core/review_lines.h"

namespace smokeledger::daemon {

Journal::Journal(Parts parts, Restored restored)
    : parts_(std::move(parts)),
      state_(std::move(restored.state)),
      reviews_(std::move(restored.reviews)),
      packets_(std::move(restored.packets)) {
  parts_.ledger.tell_checkpoints(
      [tell = on_io([](const Records*) {})](Records records) { tell(std::move(records)); });
}

Journal::~Journal() {
  *alive_ = false;
}

void Journal::append(std::vector<core::Line> lines, std::function<void(const Records*)> done) {
  if (failed_) return parts_.post([done = std::move(done)] { done(nullptr); });
  parts_.ledger.append(std::move(lines), parts_.clock.stamp().wall, on_io(std::move(done)));
}

void Journal::use_policies(std::vector<core::PolicyLine> policies, std::function<void(bool)> done) {
  parts_.ledger.use_policies(
      std::move(policies),
      parts_.clock.stamp().wall,
      on_io([done = std::move(done)](const Records* records) { done(records != nullptr); }));
}

void Journal::checkpoint(std::function<void(const Records*)> done) {
  if (failed_) return parts_.post([done = std::move(done)] { done(nullptr); });
  parts_.ledger.checkpoint(parts_.clock.stamp().wall, on_io(std::move(done)));
}

exporters::ledger::LedgerThread::Done Journal::on_io(std::function<void(const Records*)> done) {
  // Runs on the ledger thread; what it carries over is only touched on the io thread.
  return [this, alive = alive_, post = parts_.post, done = std::move(done)](Acknowledged result) {
    post([this, alive, done, result = std::move(result)] {
      if (*alive) acknowledge(result, done);
    });
  };
}

void Journal::acknowledge(const Acknowledged& result,
                          const std::function<void(const Records*)>& done) {
  if (!result) {
    // Space was set aside for the outcomes of runs under way: they may still come.
    failed_ = failed_ || result.error().kind != exporters::ledger::LedgerErrorKind::no_space;
    if (!std::exchange(told_, true)) parts_.failed(result.error().message);
    return done(nullptr);
  }
  for (const auto& record : *result) {
    core::fold(state_, record.line(), record.recorded_at());
    core::fold(reviews_, record.line(), record.seq(), record.recorded_at());
    core::fold(packets_, record.line(), record.seq(), record.recorded_at());
    newest_seq_ = record.seq();
  }
  parts_.observe(*result);
  done(&*result);
}

}  // namespace smokeledger::daemon
