#include "exporters/ledger/ledger.h"

#include <algorithm>
#include <utility>

#include "exporters/ledger/checkpoint.h"
#include "exporters/ledger/ledger_impl.h"
#include "exporters/ledger/recovery.h"
#include "exporters/ledger/signed_note.h"

namespace smokeledger::exporters::ledger {
namespace {

// What one run can write: its outcome holds all its attempts and fits into a line, and so does what
// its attempt lines repeat of them; the rest of those is a frame and a request's shape for each.
constexpr std::size_t run_room = 4 * max_line_bytes;

template <class Fits>
bool all_lines(std::span<const LineGroup> groups, Fits fits) {
  return std::all_of(groups.begin(), groups.end(), [&](const LineGroup& group) {
    return std::all_of(group.lines.begin(), group.lines.end(), fits);
  });
}

}  // namespace

// `from`: what the first of the pending lines continues from.
Result<void> Ledger::Impl::encode_line(Pending& pending,
                                       const ChainEnd& from,
                                       const core::Line& line,
                                       core::WallTime now,
                                       std::uint64_t header_lines) {
  const Envelope envelope{from.next_seq + pending.lines.size(),
                          pending.lines.empty() ? from.head : pending.lines.back().hash,
                          name,
                          now,
                          header_lines};
  auto encoded = encode(hasher, envelope, line);
  if (!encoded) return encoded.error();
  pending.bytes += encoded->bytes;
  pending.lines.push_back({.seq = envelope.seq,
                           .prev = envelope.prev,
                           .hash = encoded->hash,
                           .ledger_id = name + "-" + std::to_string(envelope.seq),
                           .recorded_at = now,
                           .line = line});
  return {};
}

Result<Pending> Ledger::Impl::encode_groups(const ChainEnd& from,
                                            std::span<const LineGroup> groups,
                                            std::uint64_t header_lines) {
  Pending pending;
  for (const auto& group : groups) {
    for (const auto& line : group.lines) {
      auto encoded = encode_line(pending, from, line, group.now, header_lines);
      if (!encoded) return encoded.error();
    }
  }
  return pending;
}

Result<Pending> Ledger::Impl::encode_one(core::Line line, core::WallTime now) {
  const LineGroup group{{&line, 1}, now};
  return encode_groups(end, {&group, 1});
}

// Of the ledger and the pending lines.
Result<void> Ledger::Impl::encode_checkpoint(Pending& pending, core::WallTime now) {
  const Checkpoint covered{.length = end.next_seq + pending.lines.size(),
                           .head = pending.lines.empty() ? end.head : pending.lines.back().hash,
                           .ledger = name};
  const core::CheckpointLine line{sign_note(*key, checkpoint_text(covered))};
  return encode_line(pending, end, line, now);
}

Result<Pending> Ledger::Impl::encode_closed(std::span<const LineGroup> groups, Closing closing) {
  auto pending = encode_groups(end, groups);
  if (!pending || !key) return pending;
  const bool due =
      !pending->lines.empty() && since_checkpoint + pending->lines.size() >= lines_per_checkpoint;
  if (!due && closing == Closing::by_count) return pending;
  auto closed = encode_checkpoint(*pending, groups.back().now);
  if (!closed) return closed.error();
  return pending;
}

Result<void> Ledger::Impl::write(AppendFile& to, const std::string& bytes) {
  for (std::string_view left = bytes; !left.empty();) {
    const auto part = left.substr(0, unsynced_bytes_at_most);
    if (auto appended = to.append(part); !appended) return appended;
    if (auto synced = to.sync(); !synced) return synced;
    left.remove_prefix(part.size());
  }
  return {};
}

void Ledger::Impl::note(const core::Line& line, std::uint64_t seq, core::WallTime recorded_at) {
  core::fold(state, line, recorded_at);
  core::fold(reviews, line, seq, recorded_at);
  core::fold(packets, line, seq, recorded_at);
  core::include(recorded, recorded_at);
  if (std::holds_alternative<core::ReviewLine>(line)) ++reviews_held;
  if (const auto* policy = std::get_if<core::PolicyLine>(&line)) {
    held.emplace(policy->probe, policy->policy_sha256);
  }
  since_checkpoint = std::holds_alternative<core::CheckpointLine>(line) ? 0 : since_checkpoint + 1;
}

std::vector<LedgerRecord> Ledger::Impl::commit(Pending pending) {
  std::vector<LedgerRecord> records;
  records.reserve(pending.lines.size());
  size += pending.bytes.size();
  for (auto& parts : pending.lines) {
    note(parts.line, parts.seq, parts.recorded_at);
    end = {parts.seq + 1, parts.hash};
    auto record = RecordFactory::make(std::move(parts));
    // No caller asked for it: it is given out apart from their lines.
    const bool ours = std::holds_alternative<core::CheckpointLine>(record.line());
    (ours ? checkpoints : records).push_back(std::move(record));
  }
  return records;
}

Result<void> Ledger::Impl::append_one(core::Line line, core::WallTime now) {
  auto pending = encode_one(std::move(line), now);
  if (!pending) return pending.error();
  if (auto written = write(*file, pending->bytes); !written) return written;
  commit(std::move(*pending));
  return {};
}

bool Ledger::Impl::is_under_way(const std::string& probe, const std::string& check_id) const {
  const auto known = state.probes.find(probe);
  return known != state.probes.end() && known->second.open_run &&
         known->second.open_run->last.check_id == check_id;
}

// Whether every line belongs to a run under way: the space for those was set aside with its first.
bool Ledger::Impl::continues_runs_only(std::span<const LineGroup> groups) const {
  return all_lines(groups, [&](const core::Line& line) {
    if (const auto* attempt = std::get_if<core::AttemptLine>(&line)) {
      return is_under_way(attempt->probe, attempt->check_id);
    }
    const auto* outcome = std::get_if<core::OutcomeLine>(&line);
    return outcome != nullptr && is_under_way(outcome->outcome.probe, outcome->outcome.check_id);
  });
}

// A run that was cut short may tell of a request whose line was refused: it was never sent.
bool Ledger::Impl::tells_of_refused(std::span<const LineGroup> groups) const {
  return refused && !all_lines(groups, [&](const core::Line& line) {
           const auto* outcome = std::get_if<core::OutcomeLine>(&line);
           return outcome == nullptr || outcome->outcome.attempts.empty() ||
                  is_under_way(outcome->outcome.probe, outcome->outcome.check_id);
         });
}

// Room for these lines, and behind them for all that the runs then under way may still write, and
// for what ends the segment.
Result<void> Ledger::Impl::reserve(std::span<const LineGroup> groups,
                                   std::size_t bytes,
                                   Closing closing) {
  if (closing == Closing::by_count && continues_runs_only(groups)) return {};
  std::size_t runs = 0;
  for (const auto& [probe, known] : state.probes) runs += known.open_run.has_value();
  for (const LineGroup& group : groups) {
    runs += static_cast<std::size_t>(
        std::count_if(group.lines.begin(), group.lines.end(), [](const core::Line& line) {
          return std::holds_alternative<core::AttemptLine>(line);
        }));
  }
  if (tells_of_refused(groups)) return *refused;
  auto room = file->reserve(bytes + runs * run_room + max_line_bytes);
  if (!room && room.error().kind == LedgerErrorKind::no_space) refused = room.error();
  return room;
}

Result<std::vector<LedgerRecord>> Ledger::Impl::try_append(std::span<const LineGroup> groups,
                                                           Closing closing) {
  auto pending = encode_closed(groups, closing);
  if (!pending) return pending.error();
  if (pending->lines.empty()) return std::vector<LedgerRecord>{};
  const core::WallTime now = groups.front().now;
  if (must_rotate(pending->bytes.size(), now)) {
    if (auto rotated = rotate(now); !rotated) return rotated.error();
    pending = encode_closed(groups, closing);
    if (!pending) return pending.error();
  }
  if (auto room = reserve(groups, pending->bytes.size(), closing); !room) return room.error();
  if (auto written = write(*file, pending->bytes); !written) return written.error();
  begun = true;
  return commit(std::move(*pending));
}

Result<std::vector<LedgerRecord>> Ledger::Impl::append_groups(std::span<const LineGroup> groups,
                                                              Closing closing) {
  if (failed) return *failed;
  auto records = try_append(groups, closing);
  if (!records && records.error().kind != LedgerErrorKind::no_space) {
    // What the file holds now is not known. A second sync could succeed with the bytes lost.
    failed = records.error();
    failed->message = "the ledger is closed after an earlier error: " + failed->message;
    file.reset();
  }
  return records;
}

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ledger::~Ledger() = default;

Result<std::unique_ptr<Ledger>> Ledger::open(const OpenOptions& options) {
  auto impl = std::make_unique<Impl>(options);
  if (auto opened = impl->open(); !opened) return opened.error();
  return std::unique_ptr<Ledger>(new Ledger(std::move(impl)));
}

const std::string& Ledger::name() const {
  return impl_->name;
}
std::uint64_t Ledger::next_seq() const {
  return impl_->end.next_seq;
}
const Hash& Ledger::head() const {
  return impl_->end.head;
}
const core::ReviewQueue& Ledger::reviews() const {
  return impl_->reviews;
}
const core::PacketBook& Ledger::packets() const {
  return impl_->packets;
}

const core::State& Ledger::state() const {
  return impl_->state;
}
const std::optional<core::RecoveredLine>& Ledger::recovered() const {
  return impl_->recovered;
}
bool Ledger::signs() const {
  return impl_->key.has_value();
}

Result<void> Ledger::use_policies(std::vector<core::PolicyLine> policies, core::WallTime now) {
  std::vector<core::Line> missing;
  for (const auto& policy : policies) {
    if (!impl_->held.contains({policy.probe, policy.policy_sha256})) missing.emplace_back(policy);
  }
  auto records = append(missing, now);
  if (!records) return records.error();
  impl_->policies = std::move(policies);
  return {};
}

Result<std::vector<LedgerRecord>> Ledger::append(std::span<const core::Line> lines,
                                                 core::WallTime now) {
  const LineGroup group{lines, now};
  return append_groups({&group, 1});
}

Result<std::vector<LedgerRecord>> Ledger::append_groups(std::span<const LineGroup> groups) {
  return impl_->append_groups(groups);
}

Result<std::vector<LedgerRecord>> Ledger::checkpoint(core::WallTime now) {
  const LineGroup nothing{{}, now};
  auto records = impl_->append_groups({&nothing, 1}, Closing::with_checkpoint);
  if (!records || impl_->checkpoints.empty()) return records;
  records->push_back(std::move(impl_->checkpoints.back()));
  impl_->checkpoints.pop_back();
  return records;
}

std::vector<LedgerRecord> Ledger::take_checkpoints() {
  return std::exchange(impl_->checkpoints, {});
}

}  // namespace smokeledger::exporters::ledger
