#include "exporters/ledger/segments.h"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <limits>
#include <system_error>

namespace smokeledger::exporters::ledger {
namespace {

constexpr std::string_view prefix = "ledger-";
constexpr std::string_view suffix = ".jsonl";
constexpr std::string_view unfinished = ".unfinished";
constexpr std::size_t seq_digits = 20;
constexpr std::size_t name_length =
    prefix.size() + seq_digits + 1 + prev_digits_in_name + suffix.size();

Result<std::vector<std::filesystem::path>> list_files(const std::filesystem::path& dir) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  std::filesystem::directory_iterator entry(dir, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    files.push_back(entry->path());
  }
  if (!error) return files;
  LedgerError failed = io_error("list", dir, error.value());
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) {
    failed.kind = LedgerErrorKind::unusable;
  }
  return failed;
}

bool all_in(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

std::string segment_name(std::uint64_t first_seq, const Hash& prev) {
  const std::string number = std::to_string(first_seq);
  return std::string(prefix) + std::string(seq_digits - number.size(), '0') + number + "-" +
         hex(prev).substr(0, prev_digits_in_name) + std::string(suffix);
}

std::string unfinished_name(std::string_view segment) {
  return std::string(segment) + std::string(unfinished);
}

std::optional<Segment> segment_from(const std::filesystem::path& path) {
  Segment segment{path, path.filename().string(), 0, {}};
  const std::string_view name = segment.name;
  if (name.size() != name_length || !name.starts_with(prefix) || !name.ends_with(suffix)) {
    return std::nullopt;
  }
  const std::string_view digits = name.substr(prefix.size(), seq_digits);
  const std::string_view prev = name.substr(prefix.size() + seq_digits + 1, prev_digits_in_name);
  if (!all_in(digits, "0123456789") || !all_in(prev, "0123456789abcdef") ||
      name[prefix.size() + seq_digits] != '-') {
    return std::nullopt;
  }
  const auto parsed =
      std::from_chars(digits.data(), digits.data() + digits.size(), segment.first_seq);
  // A number that no line has: a renamed segment, not some other file.
  if (parsed.ec == std::errc::result_out_of_range) {
    segment.first_seq = std::numeric_limits<std::uint64_t>::max();
  }
  segment.prev_digits = prev;
  return segment;
}

Result<std::vector<Segment>> list_segments(const std::filesystem::path& dir) {
  auto files = list_files(dir);
  if (!files) return files.error();
  std::vector<Segment> segments;
  for (const auto& file : *files) {
    if (auto segment = segment_from(file)) segments.push_back(std::move(*segment));
  }
  std::sort(segments.begin(), segments.end(), [](const Segment& a, const Segment& b) {
    return a.name < b.name;
  });
  return segments;
}

Result<void> remove_unfinished_segments(const std::filesystem::path& dir) {
  auto files = list_files(dir);
  if (!files) return files.error();
  for (const auto& file : *files) {
    const std::string name = file.filename().string();
    if (!name.ends_with(unfinished)) continue;
    if (!segment_from(name.substr(0, name.size() - unfinished.size()))) continue;
    std::error_code error;
    std::filesystem::remove(file, error);
    if (error) return io_error("remove", file, error.value());
  }
  return {};
}

Result<File> lock_directory(const std::filesystem::path& dir) {
  const auto path = dir / "LOCK";
  auto file = File::open(path, O_RDWR | O_CREAT, 0640);
  if (!file) return file.error();
  int failed = 0;
  do {
    failed = ::flock(file->descriptor(), LOCK_EX | LOCK_NB);
  } while (failed != 0 && errno == EINTR);
  if (failed == 0) return file;
  if (errno != EWOULDBLOCK) return io_error("lock", path, errno);
  return LedgerError{LedgerErrorKind::locked,
                     "the ledger in " + dir.string() +
                         " is being written by another process (a running daemon?); a ledger has "
                         "one writer at a time: stop that one, or give this one another `dir`"};
}

}  // namespace smokeledger::exporters::ledger
