#include "exporters/ledger/append_file.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/file.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::LedgerErrorKind;
using ledger::open_posix_file;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(PosixFile, appends_behind_what_the_file_holds) {
  const ScratchDir dir;
  const auto path = dir.path() / "file";
  for (const char* text : {"one\n", "two\n"}) {
    auto file = open_posix_file(path).value();
    ASSERT_TRUE(file->append(text));
    ASSERT_TRUE(file->sync());
  }
  EXPECT_EQ(read_bytes(path), "one\ntwo\n");
}

TEST(PosixFile, reports_a_full_disk) {
  auto file = open_posix_file("/dev/full").value();
  const auto appended = file->append("line\n");
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, LedgerErrorKind::io);
  EXPECT_THAT(appended.error().message, HasSubstr("No space left on device"));
}

// In a process of its own, because the limit is the process's.
TEST(PosixFile, reports_what_a_short_write_left_undone) {
  const ScratchDir dir;
  const auto path = dir.path() / "file";
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{6, 6};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    auto file = open_posix_file(path).value();
    const bool first = file->append("1234\n").has_value();
    const bool second = file->append("5678\n").has_value();  // one byte fits
    ::_exit(first && !second ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  EXPECT_EQ(read_bytes(path), "1234\n5");
}

TEST(PosixFile, refuses_to_go_on_when_the_file_was_moved_removed_or_written_by_someone_else) {
  using Tamper = void (*)(const std::filesystem::path&);
  const std::pair<Tamper, const char*> tampers[] = {
      {[](const std::filesystem::path& path) { std::filesystem::remove(path); },
       "was removed or moved"},
      {[](const std::filesystem::path& path) {
         std::filesystem::rename(path, path.string() + ".1");
         write_bytes(path, "line\n");
       },
       "was replaced by another file"},
      {[](const std::filesystem::path& path) { std::filesystem::resize_file(path, 2); },
       "was changed by someone else"},
      {[](const std::filesystem::path& path) { write_bytes(path, "line\nmore\n"); },
       "was changed by someone else"},
  };
  for (const auto& [tamper, what] : tampers) {
    const ScratchDir dir;
    const auto path = dir.path() / "file";
    auto file = open_posix_file(path).value();
    ASSERT_TRUE(file->append("line\n"));
    tamper(path);
    const auto appended = file->append("line\n");
    ASSERT_FALSE(appended);
    EXPECT_EQ(appended.error().kind, LedgerErrorKind::io);
    EXPECT_THAT(appended.error().message,
                AllOf(StartsWith(path.string() + ' ' + what), HasSubstr("Put back")));
  }
}

TEST(IoError, names_the_path_the_systems_words_and_the_fix) {
  EXPECT_EQ(ledger::io_error("open", "/ledger", EROFS).message,
            "cannot open /ledger: Read-only file system; the file system is read-only: find out "
            "why, then mount it writable");
  EXPECT_EQ(ledger::io_error("list", "/ledger", ELOOP).message,
            "cannot list /ledger: Too many levels of symbolic links");
}

TEST(PosixFile, does_not_follow_a_symbolic_link) {
  const ScratchDir dir;
  write_bytes(dir.path() / "target", "");
  std::filesystem::create_symlink("target", dir.path() / "link");
  EXPECT_FALSE(open_posix_file(dir.path() / "link"));
}

TEST(MemoryFile, loses_what_was_not_synced) {
  MemoryFile file;
  ASSERT_TRUE(file.append("one\n"));
  ASSERT_TRUE(file.sync());
  ASSERT_TRUE(file.append("two\n"));
  EXPECT_EQ(file.bytes(), "one\ntwo\n");
  EXPECT_EQ(file.durable(), "one\n");
}

}  // namespace
}  // namespace smokeledger::tests
