#include "daemon/config/digest.h"

#include <array>
#include <cassert>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace smokeledger::daemon::config {

namespace {

std::string hex(const unsigned char* bytes, unsigned int size) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(std::size_t{2} * size);
  for (unsigned int i = 0; i < size; ++i) {
    text += digits[bytes[i] >> 4U];
    text += digits[bytes[i] & 15U];
  }
  return text;
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  [[maybe_unused]] const int done =
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  assert(done == 1 && size == 32);
  return hex(digest.data(), size);
}

std::string hmac_sha256_hex(std::string_view key, std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  [[maybe_unused]] const auto* const done =
      HMAC(EVP_sha256(),
           key.data(),
           static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(bytes.data()),
           bytes.size(),
           digest.data(),
           &size);
  assert(done != nullptr && size == 32);
  return hex(digest.data(), size);
}

// Digests have one length.
bool same_secret(std::string_view one, std::string_view other) {
  const std::string first = sha256_hex(one);
  const std::string second = sha256_hex(other);
  return CRYPTO_memcmp(first.data(), second.data(), first.size()) == 0;
}

}  // namespace smokeledger::daemon::config
