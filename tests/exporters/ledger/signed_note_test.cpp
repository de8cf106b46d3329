#include "exporters/ledger/signed_note.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/base64.h"
#include "exporters/ledger/checkpoint.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::check_signatures;
using ledger::Checkpoint;
using ledger::parse_note;
using ledger::sign_note;
using ledger::VerifierKey;
using ::testing::HasSubstr;

const std::string dash = "\xE2\x80\x94 ";

std::string signature_line(const std::string& name, const std::string& bytes) {
  return dash + name + ' ' + ledger::base64(bytes) + '\n';
}

TEST(SignedNote, is_read_as_it_was_signed) {
  const auto key = sample_key();
  const auto note = parse_note(sign_note(key, "one\ntwo\n"));
  ASSERT_TRUE(note) << note.error();
  EXPECT_EQ(note->text, "one\ntwo\n");
  ASSERT_EQ(note->signatures.size(), 1U);
  EXPECT_EQ(note->signatures[0].key_name, "staging");
  EXPECT_EQ(note->signatures[0].key_id, key.verifier().id());
  EXPECT_FALSE(check_signatures(*note, std::vector{key.verifier()}));
}

// The example of https://pkg.go.dev/golang.org/x/mod/sumdb/note: our reading is that of others.
TEST(SignedNote, of_somebody_else_is_read_and_its_signature_verified) {
  const std::string bytes =
      "If you think cryptography is the answer to your problem,\n"
      "then you don't know what your problem is.\n\n"
      "\xE2\x80\x94 PeterNeumann "
      "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqd"
      "ngotpRZb6KE6RyyBwJnAM=\n";
  const auto key =
      VerifierKey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  ASSERT_TRUE(key) << key.error();
  const auto note = parse_note(bytes);
  ASSERT_TRUE(note) << note.error();
  EXPECT_FALSE(check_signatures(*note, std::vector{*key}));
}

TEST(SignedNote, passes_over_signatures_of_others_but_needs_one_of_ours) {
  const auto ours = sample_key();
  const auto others = sample_key(8);
  const std::string text = "text\n";
  const std::string both = sign_note(others, text) + sign_note(ours, text).substr(text.size() + 1);
  EXPECT_FALSE(check_signatures(*parse_note(both), std::vector{ours.verifier()}));
  const auto note = *parse_note(sign_note(others, text));
  EXPECT_THAT(*check_signatures(note, std::vector{ours.verifier()}),
              HasSubstr("not signed by a key that was given, but by " + others.verifier().label()));
  EXPECT_FALSE(check_signatures(note, std::vector{ours.verifier(), others.verifier()}));
  EXPECT_TRUE(check_signatures(note, {}));
}

TEST(SignedNote, with_a_wrong_signature_in_our_name_is_objected_to_even_beside_a_right_one) {
  const auto key = sample_key();
  const auto id = key.verifier().id();
  const std::string wrong = std::string(id.begin(), id.end()) + std::string(64, 'x');
  const auto note = parse_note(sign_note(key, "text\n") + signature_line("staging", wrong));
  ASSERT_TRUE(note);
  EXPECT_EQ(*check_signatures(*note, std::vector{key.verifier()}),
            "its signature by " + key.verifier().label() + " is wrong");
}

TEST(SignedNote, that_is_not_one_is_refused_with_what_is_wrong) {
  const std::string line = signature_line("k", std::string(68, 'x'));
  std::string many = "text\n\n";
  for (int i = 0; i < 17; ++i) many += line;
  const std::pair<std::string, const char*> cases[] = {
      {"", "no empty line"},
      {"text\n", "no empty line"},
      {"text\n" + line, "no empty line"},
      {"text\n\n", "no signature"},
      {"text\n\n" + line.substr(0, line.size() - 1), "does not end with a newline"},
      {"text\n\n" + line + "\n", "its text is not printable ASCII"},
      {"te\txt\n\n" + line, "its text is not printable ASCII"},
      {"te\r\nxt\n\n" + line, "its text is not printable ASCII"},
      {"t\xC3\xA9xt\n\n" + line, "its text is not printable ASCII"},
      {"text\n\n" + line.substr(3), "does not begin with a dash"},
      {"text\n\n- k " + line.substr(6), "does not begin with a dash"},
      {"text\n\n" + dash + " " + line.substr(6), "does not begin with the name of a key"},
      {"text\n\n" + dash + "k\n", "does not begin with the name of a key"},
      {"text\n\n" + dash + "k+l AAAA\n", "does not begin with the name of a key"},
      {"text\n\n" + dash + "k A\n", "the signature of k is not base64"},
      {"text\n\n" + dash + "k AAAA\n", "the signature of k is not base64"},
      {"text\n\n" + dash + "k  AAAAAAAA\n", "the signature of k is not base64"},
      {many, "more than 16 signatures"},
      {std::string(8'200, 'x') + "\n\n" + line, "more than 8192 bytes"},
  };
  ASSERT_TRUE(parse_note("text\n\n" + line));
  for (const auto& [bytes, expected] : cases) {
    const auto note = parse_note(bytes);
    ASSERT_FALSE(note) << bytes;
    EXPECT_THAT(note.error(), HasSubstr(expected)) << bytes;
  }
}

TEST(SignedNote, is_worth_nothing_after_any_change_of_one_bit) {
  const auto key = sample_key();
  const std::string bytes = sign_note(key, ledger::checkpoint_text({17, {}, "staging-0a1b2c3d"}));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const auto note = parse_note(flipped);
    EXPECT_TRUE(!note || check_signatures(*note, std::vector{key.verifier()})) << "bit " << bit;
  }
}

TEST(SignedNote, of_random_bytes_is_refused_and_nothing_breaks) {
  std::mt19937 random(1);
  const std::string good = sign_note(sample_key(), "a\nb\n");
  for (int round = 0; round < 5'000; ++round) {
    std::string bytes = good;
    const auto edits = random() % 4 + 1;
    for (std::size_t edit = 0; edit < edits; ++edit) {
      const auto at = random() % (bytes.size() + 1);
      if (random() % 2 == 0)
        bytes.insert(at, 1, static_cast<char>(random()));
      else
        bytes.erase(at, random() % 5);
    }
    const auto note = parse_note(bytes);
    if (bytes != good) {
      EXPECT_TRUE(!note || check_signatures(*note, std::vector{sample_key().verifier()}));
    }
  }
}

TEST(Checkpoint, is_three_lines) {
  Checkpoint checkpoint{256, {}, "staging-0a1b2c3d"};
  checkpoint.head.fill(0xFF);
  const std::string text = ledger::checkpoint_text(checkpoint);
  EXPECT_EQ(text,
            "smokeledger-chain-v1/staging-0a1b2c3d\n256\n"
            "//////////////////////////////////////////8=\n");
  EXPECT_EQ(*ledger::parse_checkpoint_text(text), checkpoint);
  EXPECT_EQ(*ledger::checkpoint_of_note(sign_note(sample_key(), text)), checkpoint);
}

TEST(Checkpoint, in_any_other_words_is_refused) {
  const std::string head = "//////////////////////////////////////////8=\n";
  const std::pair<std::string, const char*> cases[] = {
      {"", "its first line"},
      {"smokeledger-chain-v1/\n1\n" + head, "its first line"},
      {"smokeledger-chain-v2/l\n1\n" + head, "its first line"},
      {"smokeledger-chain-v1/l\n0\n" + head, "its second line"},
      {"smokeledger-chain-v1/l\n-1\n" + head, "its second line"},
      {"smokeledger-chain-v1/l\n01\n" + head, "its second line"},
      {"smokeledger-chain-v1/l\n1 \n" + head, "its second line"},
      {"smokeledger-chain-v1/l\n18446744073709551616\n" + head, "its second line"},
      {"smokeledger-chain-v1/l\n\n" + head, "its second line"},
      {"smokeledger-chain-v1/l\n1\n/8=\n", "its third line"},
      {"smokeledger-chain-v1/l\n1\n" + head.substr(0, 44), "its third line"},
      {"smokeledger-chain-v1/l\n1\n" + head + "more\n", "more than three lines"},
  };
  for (const auto& [text, expected] : cases) {
    const auto checkpoint = ledger::parse_checkpoint_text(text);
    ASSERT_FALSE(checkpoint) << text;
    EXPECT_THAT(checkpoint.error(), HasSubstr(expected)) << text;
  }
}

}  // namespace
}  // namespace smokeledger::tests
