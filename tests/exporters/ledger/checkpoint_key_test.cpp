#include "exporters/ledger/checkpoint_key.h"

#include <sys/stat.h>

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::LedgerErrorKind;
using ledger::own_checkpoint_key;
using ledger::read_checkpoint_key;
using ledger::read_verifier_keys;
using ::testing::AllOf;
using ::testing::HasSubstr;

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return status.st_mode & 07777U;
}

TEST(CheckpointKey, is_made_once_and_found_again) {
  const ScratchDir dir;
  const mode_t umask = ::umask(0077);
  const auto made = own_checkpoint_key(dir.path(), "staging");
  ::umask(umask);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(mode_of(dir.path() / "checkpoint-key.pem"), 0600U);
  EXPECT_EQ(mode_of(dir.path() / "checkpoint-key.pub"), 0644U);
  EXPECT_EQ(read_bytes(dir.path() / "checkpoint-key.pub"), made->verifier().text() + "\n");
  const auto again = own_checkpoint_key(dir.path(), "staging");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->verifier().text(), made->verifier().text());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(dir.path()), {}), 2);
}

TEST(CheckpointKey, is_made_anew_over_what_a_crash_left_of_it) {
  const ScratchDir dir;
  write_bytes(dir.path() / "checkpoint-key.pem.unfinished", "-----BEGIN PRI");
  EXPECT_TRUE(own_checkpoint_key(dir.path(), "staging"));
  EXPECT_FALSE(std::filesystem::exists(dir.path() / "checkpoint-key.pem.unfinished"));
}

TEST(CheckpointKey, gets_its_public_file_back_when_that_was_lost_or_is_of_another_key) {
  const ScratchDir dir;
  const auto key = own_checkpoint_key(dir.path(), "staging").value();
  const auto file = dir.path() / "checkpoint-key.pub";
  std::filesystem::remove(file);
  ASSERT_TRUE(own_checkpoint_key(dir.path(), "staging"));
  EXPECT_EQ(read_bytes(file), key.verifier().text() + "\n");
  write_bytes(file, sample_key().verifier().text() + "\n");
  ASSERT_TRUE(own_checkpoint_key(dir.path(), "staging"));
  EXPECT_EQ(read_bytes(file), key.verifier().text() + "\n");
}

TEST(CheckpointKey, that_cannot_be_used_is_never_replaced_and_the_error_says_what_to_do) {
  const ScratchDir dir;
  const auto file = dir.path() / "checkpoint-key.pem";
  write_bytes(file, "");
  const auto key = own_checkpoint_key(dir.path(), "staging");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().kind, LedgerErrorKind::unusable);
  EXPECT_THAT(key.error().message,
              AllOf(HasSubstr(file.string() + ": it holds no private key in PEM"),
                    HasSubstr("openssl genpkey -algorithm ed25519")));
  EXPECT_EQ(read_bytes(file), "");
}

TEST(CheckpointKey, of_somebody_else_is_read_where_it_is) {
  const ScratchDir dir;
  write_bytes(dir.path() / "key", sample_key().pem());
  const auto key = read_checkpoint_key(dir.path() / "key", "staging");
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->verifier().text(), sample_key().verifier().text());
  for (const auto& path : {dir.path() / "missing", dir.path()}) {
    const auto none = read_checkpoint_key(path, "staging");
    ASSERT_FALSE(none) << path;
    EXPECT_EQ(none.error().kind, LedgerErrorKind::unusable);
    EXPECT_THAT(none.error().message, AllOf(HasSubstr(path.string()), HasSubstr("genpkey")));
  }
  write_bytes(dir.path() / "long", std::string(100'000, 'x'));
  EXPECT_THAT(read_checkpoint_key(dir.path() / "long", "s").error().message,
              HasSubstr("too long to be a key"));
}

TEST(VerifierKeys, are_given_as_text_or_as_a_file_of_one_or_more_lines) {
  const ScratchDir dir;
  const std::string one = sample_key(1).verifier().text();
  const std::string two = sample_key(2).verifier().text();
  EXPECT_EQ(read_verifier_keys(one).value().at(0).text(), one);
  const auto file = (dir.path() / "keys").string();
  write_bytes(file, one + "\n\n" + two);
  const auto keys = read_verifier_keys(file);
  ASSERT_TRUE(keys) << keys.error().message;
  ASSERT_EQ(keys->size(), 2U);
  EXPECT_EQ(keys->at(1).text(), two);
  write_bytes(file, one + "\nstaging\n");
  EXPECT_THAT(read_verifier_keys(file).error().message,
              AllOf(HasSubstr(file + ": no public key"), HasSubstr("checkpoint-key.pub")));
  write_bytes(file, "\n");
  EXPECT_THAT(read_verifier_keys(file).error().message, HasSubstr("there is no public key in it"));
  EXPECT_THAT(read_verifier_keys("missing.pub").error().message,
              HasSubstr("missing.pub: neither a file nor a public key"));
  EXPECT_FALSE(read_verifier_keys(""));
}

}  // namespace
}  // namespace smokeledger::tests
