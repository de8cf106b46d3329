#include "daemon/environment.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace smokeledger::daemon {
namespace {

TEST(ProcessEnvironment, IsWhatSystemdPassesOn) {
  ::unsetenv("CREDENTIALS_DIRECTORY");
  ::unsetenv("JOURNAL_STREAM");
  EXPECT_EQ(read_process_environment().credentials_directory, "");
  EXPECT_FALSE(read_process_environment().journal_stream);
  ::setenv("CREDENTIALS_DIRECTORY", "/run/credentials/smokeledger.service", 1);
  struct stat status {};
  ASSERT_EQ(::fstat(STDERR_FILENO, &status), 0);
  const std::string own = std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
  ::setenv("JOURNAL_STREAM", own.c_str(), 1);
  EXPECT_EQ(read_process_environment().credentials_directory,
            "/run/credentials/smokeledger.service");
  EXPECT_TRUE(read_process_environment().journal_stream);
  ::setenv("JOURNAL_STREAM", "8:12345", 1);
  EXPECT_FALSE(read_process_environment().journal_stream) << "the stream of another process";
  ::unsetenv("CREDENTIALS_DIRECTORY");
  ::unsetenv("JOURNAL_STREAM");
}

TEST(ProcessVariables, AreAllOfThem) {
  ::setenv("SMOKELEDGER_TEST_VARIABLE", "a=b", 1);
  EXPECT_THAT(process_variables(), testing::Contains("SMOKELEDGER_TEST_VARIABLE=a=b"));
  ::unsetenv("SMOKELEDGER_TEST_VARIABLE");
  EXPECT_THAT(process_variables(),
              testing::Not(testing::Contains("SMOKELEDGER_TEST_VARIABLE=a=b")));
}

}  // namespace
}  // namespace smokeledger::daemon
