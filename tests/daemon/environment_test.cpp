#include "daemon/environment.h"

#include <stdlib.h>

#include <gtest/gtest.h>

namespace smokeledger::daemon {
namespace {

TEST(ProcessEnvironment, IsWhatSystemdPassesOn) {
  ::unsetenv("CREDENTIALS_DIRECTORY");
  ::unsetenv("JOURNAL_STREAM");
  EXPECT_EQ(read_process_environment().credentials_directory, "");
  EXPECT_FALSE(read_process_environment().journal_stream);
  ::setenv("CREDENTIALS_DIRECTORY", "/run/credentials/smokeledger.service", 1);
  ::setenv("JOURNAL_STREAM", "8:12345", 1);
  EXPECT_EQ(read_process_environment().credentials_directory,
            "/run/credentials/smokeledger.service");
  EXPECT_TRUE(read_process_environment().journal_stream);
  ::unsetenv("CREDENTIALS_DIRECTORY");
  ::unsetenv("JOURNAL_STREAM");
}

}  // namespace
}  // namespace smokeledger::daemon
