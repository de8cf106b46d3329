// Old segments: told of in the ledger first, then deleted.
#include <fcntl.h>

#include <array>
#include <string_view>
#include <system_error>

#include "exporters/ledger/ledger_impl.h"

namespace smokeledger::exporters::ledger {
namespace {

// When the segment's first line was recorded.
Result<core::WallTime> began(const Segment& segment) {
  auto file = File::open(segment.path, O_RDONLY);
  if (!file) return file.error();
  std::array<char, max_line_bytes + 1> buffer{};
  auto got = read_at(*file, segment.path, buffer.data(), buffer.size(), 0);
  if (!got) return got.error();
  const std::string_view bytes(buffer.data(), *got);
  auto frame = read_frame(bytes.substr(0, bytes.find('\n')));
  if (!frame) {
    return LedgerError{LedgerErrorKind::corrupt,
                       segment.name + ": its first line is damaged: " + frame.error()};
  }
  return frame->recorded_at;
}

// How many of the oldest hold nothing that is newer than `before`: as many as have a successor that
// began by then.
Result<std::size_t> older_than(const std::vector<Segment>& segments, core::WallTime before) {
  std::size_t count = 0;
  while (count + 1 < segments.size()) {
    auto next_began = began(segments[count + 1]);
    if (!next_began) return next_began.error();
    if (*next_began > before) break;
    ++count;
  }
  return count;
}

}  // namespace

// A start or rotation finishes what one before it announced and did not get done.
Result<void> Ledger::Impl::retire(core::WallTime now) {
  if (options.retention <= core::Milliseconds{0}) return {};
  auto segments = list_segments(options.dir);
  if (!segments) return segments.error();
  const auto oldest = now - std::chrono::ceil<std::chrono::seconds>(options.retention);
  auto count = older_than(*segments, oldest);
  if (!count) return count.error();
  if (*count == 0) return {};
  const Segment& kept = (*segments)[*count];
  if (!state.retired || state.retired->first_seq < kept.first_seq) {
    core::RetiredLine line{kept.name, kept.first_seq, *count, now};
    if (auto told = append_one(std::move(line), now); !told) return told;
  }
  for (std::size_t i = 0; i < *count; ++i) {
    std::error_code error;
    std::filesystem::remove((*segments)[i].path, error);
    if (error) return io_error("delete", (*segments)[i].path, error.value());
  }
  return sync_directory(options.dir);
}

}  // namespace smokeledger::exporters::ledger
