// From one segment to the next.
#include <algorithm>
#include <limits>
#include <system_error>

#include "exporters/ledger/ledger_impl.h"

namespace smokeledger::exporters::ledger {
namespace {

// Room kept free for the seal and the checkpoint before it, so that they do not make the segment
// exceed its size.
constexpr std::size_t seal_bytes = 512;
constexpr std::size_t checkpoint_bytes = 1'024;

}  // namespace

// A header of many probes may be longer than the size asked for: a segment holds at least as much
// again, or each append would write a new header. Not while the state of a probe is too long for a
// line, as it may be inside a run of many attempts: the segment grows until that run has its
// outcome.
bool Ledger::Impl::must_rotate(std::size_t bytes, core::WallTime now) {
  if (!begun) return false;
  const std::uint64_t longest = std::max(options.segment_bytes, 2 * header_size);
  const std::uint64_t closing_bytes = key ? seal_bytes + checkpoint_bytes : seal_bytes;
  const bool full = size + bytes + closing_bytes > longest;
  const bool old =
      options.segment_age > core::Milliseconds{0} && now - segment_began >= options.segment_age;
  if (!full && !old) return false;
  const Envelope envelope{std::numeric_limits<std::uint64_t>::max(), end.head, name, {}};
  const auto lines = core::carry_lines(state);
  return std::all_of(lines.begin(), lines.end(), [&](const core::Line& line) {
    return encode(hasher, envelope, line).has_value();
  });
}

// The file gets its name only when everything a segment must begin with is durable in it.
Result<Prepared> Ledger::Impl::prepare_segment(const ChainEnd& from, core::WallTime now) {
  std::vector<core::Line> header{core::OpenLine{name, nonce, segment, options.build, behind_break}};
  for (auto& line : core::carry_lines(state)) header.push_back(std::move(line));
  for (auto& line : core::carry_lines(reviews)) header.push_back(std::move(line));
  for (auto& line : core::carry_lines(packets)) header.push_back(std::move(line));
  for (const auto& policy : policies) header.emplace_back(policy);
  const LineGroup group{header, now};
  auto pending = encode_groups(from, {&group, 1}, header.size());
  if (!pending) return pending.error();

  const std::string new_segment = segment_name(from.next_seq, from.head);
  const auto unfinished = options.dir / unfinished_name(new_segment);
  auto opened = options.open_file(unfinished);
  if (!opened) return opened.error();
  if (auto room = (*opened)->reserve(pending->bytes.size()); !room) {
    opened->reset();
    std::error_code ignored;  // the next start removes what is left
    std::filesystem::remove(unfinished, ignored);
    return room.error();
  }
  if (auto written = write(**opened, pending->bytes); !written) return written.error();
  return Prepared{new_segment, unfinished, std::move(*pending)};
}

Result<void> Ledger::Impl::adopt(Prepared prepared) {
  const auto path = options.dir / prepared.segment;
  file.reset();
  std::error_code error;
  std::filesystem::rename(prepared.unfinished, path, error);
  if (error) return io_error("rename", prepared.unfinished, error.value());
  if (auto synced = sync_directory(options.dir); !synced) return synced;
  auto continued = options.open_file(path);
  if (!continued) return continued.error();

  file = std::move(*continued);
  segment = prepared.segment;
  size = 0;
  begun = false;
  held.clear();
  recorded.reset();
  reviews_held = 0;
  header_size = prepared.header.bytes.size();
  segment_began = prepared.header.lines.front().recorded_at;
  commit(std::move(prepared.header));
  behind_break.reset();
  return {};
}

Result<void> Ledger::Impl::start_segment(core::WallTime now) {
  auto prepared = prepare_segment(end, now);
  if (!prepared) return prepared.error();
  return adopt(std::move(*prepared));
}

// The next segment stands ready before this one is sealed. On a full disk this one goes on beyond
// its size: there is space set aside in it for the outcomes of runs under way, and none elsewhere.
Result<void> Ledger::Impl::rotate(core::WallTime now) {
  Pending closing;
  if (key && since_checkpoint > 0) {
    if (auto closed = encode_checkpoint(closing, now); !closed) return closed;
  }
  core::SealLine seal{recorded, reviews_held};
  core::include(seal.recorded, now);
  if (auto sealed = encode_line(closing, end, seal, now); !sealed) return sealed;
  const auto& last = closing.lines.back();
  auto prepared = prepare_segment({last.seq + 1, last.hash}, now);
  if (!prepared && prepared.error().kind == LedgerErrorKind::no_space) return {};
  if (!prepared) return prepared.error();
  if (auto written = write(*file, closing.bytes); !written) return written;
  commit(std::move(closing));
  auto adopted = adopt(std::move(*prepared));
  return adopted ? retire(now) : adopted;
}

}  // namespace smokeledger::exporters::ledger
