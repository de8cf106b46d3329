#include "daemon/packet_keeper.h"

#include <algorithm>
#include <set>
#include <utility>

#include "probes/core/packet_person.h"

namespace smokeledger::daemon {

void PacketKeeper::use(const config::Config& config) {
  policies_.clear();
  scope_ = {config.environment, {}, config.packets.ignored_about};
  for (const auto& plan : config.probes) {
    policies_.emplace(plan->name, plan->packets);
    scope_.probes.insert(plan->name);
  }
}

void PacketKeeper::start() {
  for (const auto& [probe, policy] : policies_) ask_for(probe);
}

void PacketKeeper::observe(const Records& records) {
  std::set<std::string> probes;
  for (const auto& record : records) {
    newest_seq_ = record.seq();
    if (const auto* line = std::get_if<core::OutcomeLine>(&record.line())) {
      probes.insert(line->outcome.probe);
    }
  }
  for (const auto& probe : probes) ask_for(probe);
}

void PacketKeeper::ask_for(const std::string& probe) {
  const auto due = [this, probe]() -> Due {
    const auto policy = policies_.find(probe);
    if (policy == policies_.end()) return {};
    auto line = core::due(journal_.packets(), probe, policy->second, scope_.environment);
    if (!line) return {};
    return {{std::move(*line)}, false, {}};
  };
  put(due, [](const Answer&) {});
}

void PacketKeeper::deliver(core::AlertDelivery delivery, Done done) {
  if (stopped_ || waiting_.size() >= most_waiting) return done({Answer::Kind::not_written, {}, {}});
  put(
      [this, delivery = std::move(delivery)]() -> Due {
        auto due = core::lines_for(journal_.packets(), delivery, scope_, clock_.stamp().wall);
        return {std::move(due.lines), due.full, {}};
      },
      std::move(done));
}

void PacketKeeper::say(core::PacketLine said, Done done) {
  if (stopped_) return done({Answer::Kind::not_written, {}, {}});
  put(
      [this, said = std::move(said), written = false]() mutable -> Due {
        if (std::exchange(written, true)) return {};
        auto line = core::line_of_person(journal_.packets(), said, scope_.environment, newest_seq_);
        if (!line) return {{}, false, line.error()};
        return {{std::move(*line)}, false, {}};
      },
      std::move(done));
}

void PacketKeeper::hand_over(
    std::uint64_t packet, core::HandedTo to, bool went, std::uint32_t attempts, Done done) {
  if (stopped_) return done({Answer::Kind::not_written, {}, {}});
  put(
      [this, packet, to, went, attempts]() -> Due {
        auto line = core::line_of_hand_over(journal_.packets(), packet, to, went, attempts);
        if (!line) return {};
        return {{std::move(*line)}, false, {}};
      },
      std::move(done));
}

void PacketKeeper::put(std::function<Due()> due, Done done) {
  waiting_.push_back({std::move(due), std::move(done), {}});
  go_on();
}

// A loop, not a recursion: thousands of questions may have no answer.
void PacketKeeper::go_on() {
  if (std::exchange(going_on_, true)) return;
  while (!asking_ && !waiting_.empty()) {
    asking_ = true;
    ask();
  }
  going_on_ = false;
}

// Until nothing is due: what one line makes due follows with the next question.
void PacketKeeper::ask() {
  Question& question = waiting_.front();
  Due due = question.due();
  if (!due.refused.empty()) return end({Answer::Kind::refused, {}, std::move(due.refused)});
  if (due.lines.empty()) {
    const auto kind = due.full ? Answer::Kind::full : Answer::Kind::kept;
    return end({kind, std::move(question.ledger_id), {}});
  }
  std::vector<core::Line> lines(std::make_move_iterator(due.lines.begin()),
                                std::make_move_iterator(due.lines.end()));
  journal_.append(std::move(lines), [this](const Records* records) {
    if (records == nullptr) return end({Answer::Kind::not_written, {}, {}});
    wrote_ = true;
    waiting_.front().ledger_id = records->back().ledger_id();
    ask();
  });
}

void PacketKeeper::end(Answer answer) {
  const Done done = std::move(waiting_.front().done);
  waiting_.pop_front();
  asking_ = false;
  done(answer);
  // Whoever gets a packet wants its proof, and not in an hour.
  if (waiting_.empty() && std::exchange(wrote_, false)) journal_.checkpoint([](const Records*) {});
  go_on();
}

void tell_packets(Projections& projections, const Records& records, const core::PacketBook& book) {
  const bool any = std::any_of(records.begin(), records.end(), [](const auto& record) {
    return std::holds_alternative<core::PacketLine>(record.line());
  });
  if (!any) return;
  projections.post([packets = core::count_live(book)](exporters::metrics::Metrics& metrics) {
    metrics.set_packets(packets);
  });
}

}  // namespace smokeledger::daemon
