#include "exporters/ledger/note_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/ledger/base64.h"
#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using ledger::KeyBytes;
using ledger::SignerKey;
using ledger::VerifierKey;
using ::testing::HasSubstr;

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

KeyBytes key_bytes(std::string_view hex) {
  const std::string bytes = from_hex(hex);
  KeyBytes key{};
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

// https://www.rfc-editor.org/rfc/rfc8032#section-7.1
struct Vector {
  const char* seed;
  const char* verifier;
  const char* message;
  const char* signature;
};
constexpr Vector vectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
     "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "4"
     "6bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
     "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d"
     "8c387b2eaeb4302aeeb00d291612bb0c00"},
};

TEST(NoteKey, signs_as_the_rfc_says) {
  for (const auto& vector : vectors) {
    const auto key = SignerKey::from_seed("rfc", key_bytes(vector.seed));
    EXPECT_EQ(key.verifier().text(), VerifierKey("rfc", key_bytes(vector.verifier)).text());
    EXPECT_EQ(key.signature(from_hex(vector.message)), from_hex(vector.signature));
    EXPECT_TRUE(key.verifier().verifies(from_hex(vector.message), from_hex(vector.signature)));
  }
}

TEST(NoteKey, verifies_nothing_but_its_own_signature_of_the_same_text) {
  const auto key = sample_key();
  const std::string signature = key.signature("text");
  EXPECT_TRUE(key.verifier().verifies("text", signature));
  EXPECT_FALSE(key.verifier().verifies("texu", signature));
  EXPECT_FALSE(sample_key(8).verifier().verifies("text", signature));
  for (const auto& other :
       {std::string(), signature.substr(1), signature + '\0', signature + 'x'}) {
    EXPECT_FALSE(key.verifier().verifies("text", other));
  }
  for (std::size_t bit = 0; bit < signature.size() * 8; ++bit) {
    std::string flipped = signature;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(key.verifier().verifies("text", flipped)) << "bit " << bit;
  }
}

// The key of the Go module proxy's checksum database, https://go.dev/design/25530-sumdb
TEST(NoteKey, reads_a_public_key_of_somebody_else) {
  const std::string text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
  const auto key = VerifierKey::parse(text);
  ASSERT_TRUE(key) << key.error();
  EXPECT_EQ(key->name(), "sum.golang.org");
  EXPECT_EQ(key->label(), "sum.golang.org+033de0ae");
  EXPECT_EQ(key->text(), text);
}

TEST(NoteKey, says_what_is_wrong_with_a_public_key) {
  const std::string good = sample_key().verifier().text();
  ASSERT_TRUE(VerifierKey::parse(good));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  const std::string id = good.substr(8, 8);
  const std::pair<std::string, const char*> cases[] = {
      {"", "not a name, a key id and a key"},
      {"staging", "not a name, a key id and a key"},
      {"staging+" + id, "not a name, a key id and a key"},
      {with("staging", ""), "its name is empty"},
      {with("staging", "sta ging"), "not printable ASCII"},
      {with("staging", "st\xC3\xA4ging"), "not printable ASCII"},
      {with("staging", "other"), "its key id is not that of its name and key"},
      {with(id, "00000000"), "its key id is not that of its name and key"},
      {with(id, id.substr(1)), "its key id is not that of its name and key"},
      {good + " ", "not base64"},
      {good + "\n", "not base64"},
      {good.substr(0, 17) + ledger::base64(std::string(32, 'k')), "not an Ed25519 key"},
      {good.substr(0, 17) + ledger::base64('\x02' + std::string(32, 'k')), "not an Ed25519 key"},
      {good.substr(0, 17) + ledger::base64('\x01' + std::string(33, 'k')), "not an Ed25519 key"},
      {good.substr(0, 17), "not an Ed25519 key"},
  };
  for (const auto& [text, expected] : cases) {
    const auto key = VerifierKey::parse(text);
    ASSERT_FALSE(key) << text;
    EXPECT_THAT(key.error(), HasSubstr(expected)) << text;
  }
}

TEST(NoteKey, survives_being_written_as_pem) {
  const auto key = SignerKey::random("staging");
  ASSERT_TRUE(key);
  EXPECT_THAT(key->pem(), ::testing::StartsWith("-----BEGIN PRIVATE KEY-----\n"));
  const auto again = SignerKey::from_pem("staging", key->pem());
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(again->verifier().text(), key->verifier().text());
  EXPECT_NE(SignerKey::random("staging")->verifier().text(), key->verifier().text());
}

// In the form in which `openssl genpkey` writes them; all made for this test.
TEST(NoteKey, takes_only_an_ed25519_key_without_a_passphrase) {
  const std::string good =
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH\n"
      "-----END PRIVATE KEY-----\n";
  ASSERT_TRUE(SignerKey::from_pem("staging", good));
  EXPECT_EQ(SignerKey::from_pem("staging", good)->verifier().text(),
            sample_key().verifier().text());
  const std::string other_kind =
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VuBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH\n"
      "-----END PRIVATE KEY-----\n";
  EXPECT_THAT(SignerKey::from_pem("s", other_kind).error(), HasSubstr("another kind than Ed25519"));
  for (const auto& text :
       {std::string(),
        std::string("MC4CAQ"),
        good.substr(0, 60),
        good.substr(28),
        std::string("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"),
        std::string("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                    "MIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAk\n"
                    "-----END ENCRYPTED PRIVATE KEY-----\n")}) {
    const auto key = SignerKey::from_pem("s", text);
    ASSERT_FALSE(key) << text;
    EXPECT_EQ(key.error(), "it holds no private key in PEM without a passphrase");
  }
}

}  // namespace
}  // namespace smokeledger::tests
