#include "exporters/ledger/ledger.h"

#include <algorithm>
#include <limits>
#include <system_error>

#include "exporters/ledger/ledger_impl.h"

namespace smokeledger::exporters::ledger {
namespace {

// Room kept free for the seal, so that it does not make the segment exceed its size.
constexpr std::size_t seal_bytes = 512;

}  // namespace

Result<Pending> Ledger::Impl::encode_groups(std::span<const LineGroup> groups,
                                            std::uint64_t header_lines) {
  Pending pending;
  Envelope envelope{next_seq, head, name, {}, header_lines};
  for (const auto& group : groups) {
    envelope.recorded_at = group.now;
    for (const auto& line : group.lines) {
      auto encoded = encode(hasher, envelope, line);
      if (!encoded) return encoded.error();
      pending.bytes += encoded->bytes;
      pending.lines.push_back({.seq = envelope.seq,
                               .prev = envelope.prev,
                               .hash = encoded->hash,
                               .ledger_id = name + "-" + std::to_string(envelope.seq),
                               .recorded_at = group.now,
                               .line = line});
      envelope.prev = encoded->hash;
      ++envelope.seq;
    }
  }
  return pending;
}

Result<void> Ledger::Impl::write(AppendFile& to, const std::string& bytes) {
  if (auto appended = to.append(bytes); !appended) return appended;
  return to.sync();
}

void Ledger::Impl::note(const core::Line& line, core::WallTime recorded_at) {
  core::fold(state, line, recorded_at);
  if (const auto* policy = std::get_if<core::PolicyLine>(&line)) {
    held.emplace(policy->probe, policy->policy_sha256);
  }
}

std::vector<LedgerRecord> Ledger::Impl::commit(Pending pending) {
  std::vector<LedgerRecord> records;
  records.reserve(pending.lines.size());
  size += pending.bytes.size();
  for (auto& parts : pending.lines) {
    note(parts.line, parts.recorded_at);
    next_seq = parts.seq + 1;
    head = parts.hash;
    records.push_back(RecordFactory::make(std::move(parts)));
  }
  return records;
}

Result<void> Ledger::Impl::seal(core::WallTime now) {
  const core::Line line = core::SealLine{};
  const LineGroup group{{&line, 1}, now};
  auto pending = encode_groups({&group, 1}, 1);
  if (!pending) return pending.error();
  if (auto written = write(*file, pending->bytes); !written) return written;
  commit(std::move(*pending));
  return {};
}

// The file gets its name only when everything a segment must begin with is durable in it.
Result<void> Ledger::Impl::start_segment(core::WallTime now) {
  std::vector<core::Line> header{core::OpenLine{name, nonce, segment, options.build}};
  for (auto& line : core::carry_lines(state)) header.push_back(std::move(line));
  for (const auto& policy : policies) header.emplace_back(policy);
  const LineGroup group{header, now};
  auto pending = encode_groups({&group, 1}, header.size());
  if (!pending) return pending.error();

  const std::string new_segment = segment_name(next_seq, head);
  const auto unfinished = options.dir / unfinished_name(new_segment);
  const auto path = options.dir / new_segment;
  file.reset();
  auto opened = options.open_file(unfinished);
  if (!opened) return opened.error();
  if (auto written = write(**opened, pending->bytes); !written) return written;
  opened->reset();
  std::error_code error;
  std::filesystem::rename(unfinished, path, error);
  if (error) return io_error("rename", unfinished, error.value());
  if (auto synced = sync_directory(options.dir); !synced) return synced;
  auto continued = options.open_file(path);
  if (!continued) return continued.error();

  file = std::move(*continued);
  segment = new_segment;
  size = 0;
  begun = false;
  held.clear();
  header_size = pending->bytes.size();
  commit(std::move(*pending));
  return {};
}

// A header of many probes may be longer than the size asked for: a segment holds at least as much
// again, or each append would write a new header. Not while the state of a probe is too long for a
// line, as it may be inside a run of many attempts: the segment grows until that run has its
// outcome.
bool Ledger::Impl::must_rotate(std::size_t bytes) {
  const std::uint64_t longest = std::max(options.segment_bytes, 2 * header_size);
  if (!begun || size + bytes + seal_bytes <= longest) return false;
  const Envelope envelope{std::numeric_limits<std::uint64_t>::max(), head, name, {}};
  const auto lines = core::carry_lines(state);
  return std::all_of(lines.begin(), lines.end(), [&](const core::Line& line) {
    return encode(hasher, envelope, line).has_value();
  });
}

Result<std::vector<LedgerRecord>> Ledger::Impl::try_append(std::span<const LineGroup> groups) {
  auto pending = encode_groups(groups, 1);
  if (!pending) return pending.error();
  if (pending->lines.empty()) return std::vector<LedgerRecord>{};
  if (must_rotate(pending->bytes.size())) {
    const core::WallTime now = groups.front().now;
    if (auto sealed = seal(now); !sealed) return sealed.error();
    if (auto started = start_segment(now); !started) return started.error();
    pending = encode_groups(groups, 1);
    if (!pending) return pending.error();
  }
  if (auto written = write(*file, pending->bytes); !written) return written.error();
  begun = true;
  return commit(std::move(*pending));
}

Result<std::vector<LedgerRecord>> Ledger::Impl::append_groups(std::span<const LineGroup> groups) {
  if (failed) return *failed;
  auto records = try_append(groups);
  if (!records) {
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
  return impl_->next_seq;
}
const Hash& Ledger::head() const {
  return impl_->head;
}
const core::State& Ledger::state() const {
  return impl_->state;
}
const std::optional<core::RecoveredLine>& Ledger::recovered() const {
  return impl_->recovered;
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

}  // namespace smokeledger::exporters::ledger
