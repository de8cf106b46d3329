#include "exporters/ledger/hash.h"

#include <array>
#include <cstdlib>
#include <span>
#include <vector>

#include <openssl/evp.h>
#include <openssl/rand.h>

namespace smokeledger::exporters::ledger {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

std::string to_hex(std::span<const unsigned char> bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 0xFU];
  }
  return text;
}

// A digest of bytes in memory fails only when memory is exhausted or the library is broken; without
// it no line can be written or believed.
void require(int openssl_result) {
  if (openssl_result != 1) std::abort();
}

}  // namespace

struct Hasher::Impl {
  struct FreeMd {
    void operator()(EVP_MD* fetched) const { EVP_MD_free(fetched); }
  };
  struct FreeContext {
    void operator()(EVP_MD_CTX* made) const { EVP_MD_CTX_free(made); }
  };
  // Fetched once: an implicit fetch on every digest halves the speed.
  std::unique_ptr<EVP_MD, FreeMd> md{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  std::unique_ptr<EVP_MD_CTX, FreeContext> context{EVP_MD_CTX_new()};
};

Hasher::Hasher() : impl_(std::make_unique<Impl>()) {
  require(impl_->md != nullptr && impl_->context != nullptr ? 1 : 0);
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::start() {
  require(EVP_DigestInit_ex2(impl_->context.get(), impl_->md.get(), nullptr));
}

void Hasher::add(std::string_view bytes) {
  require(EVP_DigestUpdate(impl_->context.get(), bytes.data(), bytes.size()));
}

Hash Hasher::finish() {
  Hash hash{};
  require(EVP_DigestFinal_ex(impl_->context.get(), hash.data(), nullptr));
  return hash;
}

Hash Hasher::operator()(std::initializer_list<std::string_view> pieces) {
  start();
  for (const auto piece : pieces) add(piece);
  return finish();
}

std::string hex(const Hash& hash) {
  return to_hex(hash);
}

// Two loops of a fixed length and without a way out, which the compiler turns into a few
// instructions: two hashes are read of every line of every ledger.
std::optional<Hash> hash_from_hex(std::string_view text) {
  Hash hash{};
  std::array<unsigned char, 2 * std::tuple_size_v<Hash>> values{};
  if (text.size() != values.size()) return std::nullopt;
  unsigned char wrong = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const auto digit = static_cast<unsigned char>(c - '0');
    const auto letter = static_cast<unsigned char>(c - 'a');
    wrong |= static_cast<unsigned char>(digit > 9 && letter > 5);
    values[i] = static_cast<unsigned char>(digit <= 9 ? digit : letter + 10);
  }
  if (wrong != 0) return std::nullopt;
  for (std::size_t i = 0; i < hash.size(); ++i) {
    hash[i] = static_cast<unsigned char>(unsigned{values[2 * i]} << 4U | values[2 * i + 1]);
  }
  return hash;
}

Hash line_hash(Hasher& hasher, std::string_view covered) {
  return hasher({"smokeledger-line-v1\n", covered});
}

Hash genesis_hash(Hasher& hasher, std::string_view ledger, std::string_view nonce) {
  return hasher({"smokeledger-genesis-v1\n", ledger, "\n", nonce});
}

std::optional<std::string> random_hex(std::size_t bytes) {
  std::vector<unsigned char> random(bytes);
  if (RAND_bytes(random.data(), static_cast<int>(bytes)) != 1) return std::nullopt;
  return to_hex(random);
}

}  // namespace smokeledger::exporters::ledger
