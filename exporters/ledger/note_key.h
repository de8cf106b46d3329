// Ed25519 keys (RFC 8032) as signed notes name them: https://c2sp.org/signed-note
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace smokeledger::exporters::ledger {

using KeyId = std::array<unsigned char, 4>;
using KeyBytes = std::array<unsigned char, 32>;

// Not empty, printable ASCII, no blank and no plus.
bool is_key_name(std::string_view);

// The public half: what a reader checks with.
class VerifierKey {
 public:
  // REQUIRES: is_key_name(name).
  VerifierKey(std::string name, const KeyBytes& key);
  // `<name>+<key id, 8 hexadecimal digits>+<base64 of 0x01 and the 32 bytes>`. The error is a
  // clause that says what is wrong.
  static boost::system::result<VerifierKey, std::string> parse(std::string_view text);

  std::string text() const;   // as parse() takes it
  std::string label() const;  // `<name>+<key id>`
  const std::string& name() const { return name_; }
  // First four bytes of SHA-256 over the name, a newline, 0x01 and the key.
  const KeyId& id() const { return id_; }
  bool verifies(std::string_view text, std::string_view signature) const;

 private:
  std::string name_;
  KeyBytes key_;
  KeyId id_;
};

std::string key_label(std::string_view name, const KeyId&);

// The private half. Its bytes are overwritten when the last copy goes.
class SignerKey {
 public:
  // An unencrypted PKCS#8 key in PEM, as `openssl genpkey -algorithm ed25519` writes it. The error
  // is a clause; it never repeats what was read.
  static boost::system::result<SignerKey, std::string> from_pem(std::string name,
                                                                std::string_view pem);
  static SignerKey from_seed(std::string name, const KeyBytes& seed);
  // From OpenSSL's generator; empty when it fails.
  static std::optional<SignerKey> random(std::string name);

  std::string pem() const;  // secret
  const VerifierKey& verifier() const { return verifier_; }
  std::string signature(std::string_view text) const;  // 64 bytes

 private:
  struct Key;
  SignerKey(VerifierKey, std::shared_ptr<const Key>);
  static SignerKey with(std::string name, std::shared_ptr<const Key>);

  VerifierKey verifier_;
  std::shared_ptr<const Key> key_;
};

}  // namespace smokeledger::exporters::ledger
