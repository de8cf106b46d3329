#include "exporters/ledger/recovery.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <functional>
#include <system_error>

#include "exporters/ledger/hash.h"

namespace smokeledger::exporters::ledger {
namespace {

constexpr std::size_t sha_digits_in_name = 8;

using Visit = std::function<Result<void>(std::string_view)>;

// Every byte from `offset` to the end, block by block.
Result<void> each_block(const File& file,
                        const std::filesystem::path& path,
                        std::uint64_t offset,
                        const Visit& visit) {
  std::array<char, 65'536> block{};
  while (true) {
    auto got = read_at(file, path, block.data(), block.size(), offset);
    if (!got) return got.error();
    if (*got == 0) return {};
    if (auto visited = visit({block.data(), *got}); !visited) return visited;
    offset += *got;
  }
}

// Size and digest; `quarantine` is left empty.
Result<core::RecoveredLine> describe(const File& file,
                                     const std::filesystem::path& path,
                                     std::uint64_t offset) {
  core::RecoveredLine line;
  Hasher hasher;
  hasher.start();
  const auto add = [&](std::string_view bytes) -> Result<void> {
    line.dropped_bytes += bytes.size();
    hasher.add(bytes);
    return {};
  };
  if (auto read = each_block(file, path, offset, add); !read) return read.error();
  line.dropped_sha256 = hex(hasher.finish());
  return line;
}

Result<void> sync_file(const File& file, const std::filesystem::path& path) {
  if (::fsync(file.descriptor()) != 0) return io_error("sync", path, errno);
  return {};
}

Result<void> make_directory(const std::filesystem::path& dir) {
  std::error_code error;
  if (!std::filesystem::create_directory(dir, error)) {
    if (error) return io_error("create", dir, error.value());
    return {};
  }
  return sync_directory(dir.parent_path());
}

Result<void> copy_tail(const File& from,
                       const std::filesystem::path& path,
                       std::uint64_t offset,
                       const std::filesystem::path& copy) {
  auto to = File::open(copy, O_WRONLY | O_CREAT | O_TRUNC, 0640);
  if (!to) return to.error();
  const auto write = [&](std::string_view bytes) { return write_all(*to, copy, bytes); };
  if (auto copied = each_block(from, path, offset, write); !copied) return copied;
  if (auto synced = sync_file(*to, copy); !synced) return synced;
  return sync_directory(copy.parent_path());
}

}  // namespace

Result<core::RecoveredLine> set_tail_aside(const Segment& segment, std::uint64_t offset) {
  const auto quarantine = segment.path.parent_path() / "quarantine";
  auto file = File::open(segment.path, O_RDWR);
  if (!file) return file.error();
  auto line = describe(*file, segment.path, offset);
  if (!line) return line.error();
  line->quarantine = segment.name + "." + std::to_string(offset) + "." +
                     line->dropped_sha256.substr(0, sha_digits_in_name);
  if (auto made = make_directory(quarantine); !made) return made.error();
  auto copied = copy_tail(*file, segment.path, offset, quarantine / line->quarantine);
  if (!copied) return copied.error();
  if (::ftruncate(file->descriptor(), static_cast<off_t>(offset)) != 0) {
    return io_error("cut the torn tail of", segment.path, errno);
  }
  if (auto synced = sync_file(*file, segment.path); !synced) return synced.error();
  return line;
}

Result<std::vector<core::RecoveredLine>> untold_tails(const Segment& segment,
                                                      const std::set<std::string>& told) {
  const auto quarantine = segment.path.parent_path() / "quarantine";
  std::vector<core::RecoveredLine> untold;
  std::error_code error;
  std::filesystem::directory_iterator entry(quarantine, error);
  if (error == std::errc::no_such_file_or_directory) return untold;
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(segment.name + ".") || told.contains(name)) continue;
    auto file = File::open(entry->path(), O_RDONLY);
    if (!file) return file.error();
    auto line = describe(*file, entry->path(), 0);
    if (!line) return line.error();
    if (!name.ends_with("." + line->dropped_sha256.substr(0, sha_digits_in_name))) continue;
    line->quarantine = name;
    untold.push_back(std::move(*line));
  }
  if (error) return io_error("list", quarantine, error.value());
  std::sort(untold.begin(), untold.end(), [](const auto& a, const auto& b) {
    return a.quarantine < b.quarantine;
  });
  return untold;
}

Result<void> forget_unsynced_end(const Segment& segment) {
  auto file = File::open(segment.path, O_RDONLY | O_NOFOLLOW);
  if (!file) return file.error();
  // Only what is clean can be forgotten.
  if (auto synced = sync_file(*file, segment.path); !synced) return synced;
  auto size = file_size(*file, segment.path);
  if (!size) return size.error();
  // A page in part is kept: begin well before.
  constexpr std::uint64_t bytes = 2 * unsynced_bytes_at_most;
  const std::uint64_t begin = *size - std::min(*size, bytes);
  ::posix_fadvise(file->descriptor(), static_cast<off_t>(begin), 0, POSIX_FADV_DONTNEED);
  return {};
}

}  // namespace smokeledger::exporters::ledger
