#include "daemon/outbox_file.h"

#include <signal.h>
#include <sys/resource.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/ledger_fixtures.h"

namespace smokeledger::daemon {
namespace {

using testing::HasSubstr;

std::size_t entries(const std::filesystem::path& folder) {
  const std::filesystem::directory_iterator all(folder);
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

TEST(OutboxFile, IsThereWholeAndAloneAndOthersCannotReadIt) {
  const tests::ScratchDir dir;
  const std::string text(200'000, 'x');
  EXPECT_EQ(put_file(dir.path(), "a.json", "older"), "");
  EXPECT_EQ(put_file(dir.path(), "a.json", text), "");
  EXPECT_EQ(tests::read_bytes(dir.path() / "a.json"), text);
  EXPECT_EQ(entries(dir.path()), 1U);
  const auto mode = std::filesystem::status(dir.path() / "a.json").permissions();
  EXPECT_EQ(mode & std::filesystem::perms::others_all, std::filesystem::perms::none);
}

TEST(OutboxFile, SaysWhyItIsNotThere) {
  const tests::ScratchDir dir;
  EXPECT_THAT(put_file(dir.path() / "none", "a.json", ""), HasSubstr("cannot be opened"));
  tests::write_bytes(dir.path() / "file", "");
  EXPECT_THAT(put_file(dir.path() / "file", "a.json", ""), HasSubstr("cannot be opened"));
  std::filesystem::create_directory(dir.path() / "taken.json");
  EXPECT_THAT(put_file(dir.path(), "taken.json", "x"), HasSubstr("cannot be written"));
  EXPECT_EQ(entries(dir.path()), 2U) << "nothing half is left";
  std::filesystem::create_symlink("/dev/null", dir.path() / ".link.json.tmp");
  EXPECT_THAT(put_file(dir.path(), "link.json", "x"), HasSubstr("no file can be made"));
}

// A limit on the size of files, as a disk without room: the file that is there stays.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) : handler_(::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

 private:
  sighandler_t handler_;
  rlimit before_{};
};

TEST(OutboxFile, LeavesWhatIsThereWhereThereIsNoRoomForMore) {
  const tests::ScratchDir dir;
  EXPECT_EQ(put_file(dir.path(), "a.json", "older"), "");
  std::string why;
  {
    const SmallDisk disk(1'000);
    why = put_file(dir.path(), "a.json", std::string(2'000, 'x'));
  }
  EXPECT_THAT(why, HasSubstr("cannot be written: File too large"));
  EXPECT_EQ(tests::read_bytes(dir.path() / "a.json"), "older");
  EXPECT_EQ(entries(dir.path()), 1U);
}

}  // namespace
}  // namespace smokeledger::daemon
