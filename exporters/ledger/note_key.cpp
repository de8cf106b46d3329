#include "exporters/ledger/note_key.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "exporters/ledger/base64.h"
#include "exporters/ledger/hash.h"

namespace smokeledger::exporters::ledger {
namespace {

constexpr char ed25519_type = '\x01';
constexpr std::size_t signature_bytes = 64;
constexpr std::string_view hex_digits = "0123456789abcdef";

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};
using KeyHandle = std::unique_ptr<EVP_PKEY, FreeKey>;
using ContextHandle = std::unique_ptr<EVP_MD_CTX, FreeContext>;
using BioHandle = std::unique_ptr<BIO, FreeBio>;

// With a key of the right kind these fail only when memory is exhausted or the library is broken.
void require(bool openssl_did) {
  if (!openssl_did) std::abort();
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string_view view_of(const KeyBytes& key) {
  return {reinterpret_cast<const char*>(key.data()), key.size()};
}

KeyId id_of(std::string_view name, const KeyBytes& key) {
  Hasher hasher;
  const Hash hash = hasher({name, "\n", {&ed25519_type, 1}, view_of(key)});
  KeyId id{};
  std::copy_n(hash.begin(), id.size(), id.begin());
  return id;
}

// A key without a passphrase needs none; nobody is asked for one.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

}  // namespace

bool is_key_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c > 0x20 && c < 0x7F && c != '+';
  });
}

std::string key_label(std::string_view name, const KeyId& id) {
  std::string text = std::string(name) + '+';
  for (const unsigned char byte : id) {
    text += hex_digits[byte >> 4U];
    text += hex_digits[byte & 0xFU];
  }
  return text;
}

VerifierKey::VerifierKey(std::string name, const KeyBytes& key)
    : name_(std::move(name)), key_(key), id_(id_of(name_, key_)) {}

boost::system::result<VerifierKey, std::string> VerifierKey::parse(std::string_view text) {
  const auto first = text.find('+');
  const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) {
    return std::string("it is not a name, a key id and a key with a plus between them");
  }
  const std::string_view name = text.substr(0, first);
  if (!is_key_name(name)) return std::string("its name is empty or not printable ASCII");
  const auto bytes = bytes_from_base64(text.substr(second + 1));
  if (!bytes) return std::string("its key is not base64");
  KeyBytes key{};
  if (bytes->size() != key.size() + 1 || bytes->front() != ed25519_type) {
    return std::string("its key is not an Ed25519 key: the byte 1 and 32 more");
  }
  std::copy(bytes->begin() + 1, bytes->end(), key.begin());
  VerifierKey parsed(std::string(name), key);
  if (parsed.label() != text.substr(0, second)) {
    return "its key id is not that of its name and key, which is " + parsed.label();
  }
  return parsed;
}

std::string VerifierKey::label() const {
  return key_label(name_, id_);
}

std::string VerifierKey::text() const {
  return label() + '+' + base64(ed25519_type + std::string(view_of(key_)));
}

bool VerifierKey::verifies(std::string_view text, std::string_view signature) const {
  const KeyHandle key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key_.data(), key_.size()));
  const ContextHandle context(EVP_MD_CTX_new());
  require(key != nullptr && context != nullptr);
  require(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  const int verified = EVP_DigestVerify(
      context.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size());
  ERR_clear_error();
  return verified == 1;
}

struct SignerKey::Key {
  KeyHandle handle;
};

SignerKey::SignerKey(VerifierKey verifier, std::shared_ptr<const Key> key)
    : verifier_(std::move(verifier)), key_(std::move(key)) {}

SignerKey SignerKey::with(std::string name, std::shared_ptr<const Key> key) {
  KeyBytes verifier{};
  std::size_t size = verifier.size();
  require(EVP_PKEY_get_raw_public_key(key->handle.get(), verifier.data(), &size) == 1);
  return {VerifierKey(std::move(name), verifier), std::move(key)};
}

boost::system::result<SignerKey, std::string> SignerKey::from_pem(std::string name,
                                                                  std::string_view pem) {
  const BioHandle bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  require(bio != nullptr);
  KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (key == nullptr) return std::string("it holds no private key in PEM without a passphrase");
  if (EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    return std::string("its key is of another kind than Ed25519");
  }
  return with(std::move(name), std::make_shared<const Key>(Key{std::move(key)}));
}

SignerKey SignerKey::from_seed(std::string name, const KeyBytes& seed) {
  KeyHandle key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
  require(key != nullptr);
  return with(std::move(name), std::make_shared<const Key>(Key{std::move(key)}));
}

std::optional<SignerKey> SignerKey::random(std::string name) {
  KeyHandle key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (key == nullptr) return std::nullopt;
  return with(std::move(name), std::make_shared<const Key>(Key{std::move(key)}));
}

std::string SignerKey::pem() const {
  const BioHandle bio(BIO_new(BIO_s_secmem()));
  require(bio != nullptr);
  require(PEM_write_bio_PKCS8PrivateKey(
              bio.get(), key_->handle.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  char* begin = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &begin);
  return {begin, static_cast<std::size_t>(size)};
}

std::string SignerKey::signature(std::string_view text) const {
  const ContextHandle context(EVP_MD_CTX_new());
  require(context != nullptr);
  require(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_->handle.get()) == 1);
  std::array<unsigned char, signature_bytes> bytes{};
  std::size_t size = bytes.size();
  require(EVP_DigestSign(context.get(), bytes.data(), &size, bytes_of(text), text.size()) == 1);
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

}  // namespace smokeledger::exporters::ledger
