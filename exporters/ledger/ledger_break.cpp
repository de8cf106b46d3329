// Going on behind damage that is more than a torn tail, because a person said so.
#include <fcntl.h>

#include <algorithm>
#include <array>

#include "exporters/ledger/ledger_impl.h"

namespace smokeledger::exporters::ledger {
namespace {

LedgerError unusable(std::string message) {
  return {LedgerErrorKind::unusable, std::move(message)};
}

Result<std::string> sha256_of(const std::filesystem::path& path) {
  auto file = File::open(path, O_RDONLY);
  if (!file) return file.error();
  Hasher hasher;
  hasher.start();
  std::array<char, 65'536> block{};
  std::uint64_t offset = 0;
  while (true) {
    auto got = read_at(*file, path, block.data(), block.size(), offset);
    if (!got) return got.error();
    if (*got == 0) return hex(hasher.finish());
    hasher.add({block.data(), *got});
    offset += *got;
  }
}

}  // namespace

// Every line that is whole in itself, wherever it stands: a request that was sent counts against
// intervals and caps also where its place in the chain is not proven.
Result<void> Ledger::Impl::salvage(const Segment& damaged, std::uint64_t from_seq) {
  end.next_seq = std::max(from_seq, damaged.first_seq) + 1;
  auto scanner = LineScanner::open(damaged.path);
  if (!scanner) return scanner.error();
  Decoder decoder;
  while (true) {
    auto line = scanner->next();
    if (!line) return line.error();
    if (!*line) return {};
    auto frame = read_frame((*line)->bytes);
    if (!frame || frame->seq < from_seq || !frame->ledger_id.starts_with(name + "-") ||
        frame->hash != line_hash(hasher, frame->covered)) {
      continue;
    }
    end.next_seq = std::max(end.next_seq, frame->seq + 1);
    if (auto decoded = decoder.decode(*frame, (*line)->bytes)) {
      note(decoded->line, frame->seq, frame->recorded_at);
    }
  }
}

Result<core::Break> Ledger::Impl::leave_damage_behind() {
  auto locked = lock_directory(options.dir);
  if (!locked) return locked.error();
  lock = std::move(*locked);
  if (auto removed = remove_unfinished_segments(options.dir); !removed) return removed.error();
  auto reader = Reader::open(options.dir, Reader::From::last_segment);
  if (!reader) return reader.error();
  auto read = read_lines(*reader);
  if (read) return unusable("nothing in the last segment is damaged; the ledger goes on as it is");
  if (!reader->problem()) return read.error();
  const Problem problem = *reader->problem();
  auto segments = list_segments(options.dir);
  if (!segments) return segments.error();
  const Segment& damaged = segments->back();
  if (problem.file != damaged.name) {
    return unusable(problem.text() +
                    "; what is damaged is not the last segment: restore it from a copy");
  }
  name = reader->chain().ledger();
  nonce = reader->chain().nonce();
  if (nonce.empty()) {
    // Not even this segment's first line can be read: an earlier one's says the same.
    auto from_the_first = Reader::open(options.dir);
    if (from_the_first && from_the_first->next()) nonce = from_the_first->chain().nonce();
  }
  if (name.empty()) {
    return unusable(problem.text() +
                    "; not even the ledger's name can be read: begin a new ledger");
  }
  end = {reader->chain().next_seq(), reader->chain().head()};
  segment = damaged.name;
  auto sha256 = sha256_of(damaged.path);
  if (!sha256) return sha256.error();
  behind_break = core::Break{damaged.name, end.next_seq, *sha256, problem.what};
  const core::Break stated = *behind_break;
  if (auto salvaged = salvage(damaged, end.next_seq); !salvaged) return salvaged.error();
  auto started = start_segment(options.now);
  if (!started) return started.error();
  return stated;
}

Result<core::Break> Ledger::leave_damage_behind(const OpenOptions& options) {
  Impl impl(options);
  return impl.leave_damage_behind();
}

}  // namespace smokeledger::exporters::ledger
