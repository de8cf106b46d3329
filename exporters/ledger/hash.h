// SHA-256 as the ledger uses it: FIPS 180-4, https://csrc.nist.gov/pubs/fips/180-4/upd1/final
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "exporters/ledger/record.h"

namespace smokeledger::exporters::ledger {

// One reusable digest context. Not thread-safe; construct one per thread.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  // The digest of the pieces, one after the other.
  Hash operator()(std::initializer_list<std::string_view> pieces);

  // The same in steps, for bytes that do not fit into memory.
  void start();
  void add(std::string_view bytes);
  Hash finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Exactly 64 lower-case hexadecimal digits; anything else is empty.
std::optional<Hash> hash_from_hex(std::string_view);

// Hash of a line: of a fixed prefix and the line's bytes up to, not including, `,"hash"`.
Hash line_hash(Hasher&, std::string_view covered);

// What the first line's `prev` holds.
Hash genesis_hash(Hasher&, std::string_view ledger, std::string_view nonce);

// `bytes` random bytes as hexadecimal digits, from OpenSSL's generator; empty when it fails.
std::optional<std::string> random_hex(std::size_t bytes);

}  // namespace smokeledger::exporters::ledger
