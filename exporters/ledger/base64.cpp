#include "exporters/ledger/base64.h"

#include <cstdint>

namespace smokeledger::exporters::ledger {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view group = bytes.substr(i, 3);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8U | (k < group.size() ? static_cast<unsigned char>(group[k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= group.size() ? alphabet[bits >> (18U - 6U * k) & 0x3FU] : '=';
    }
  }
  return text;
}

std::optional<std::string> bytes_from_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  std::size_t taken = 0;  // digits of the group
  for (const char c : text.substr(0, text.find('='))) {
    const auto digit = alphabet.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 6U | static_cast<std::uint32_t>(digit);
    if (++taken < 4) continue;
    for (const unsigned shift : {16U, 8U, 0U}) bytes += static_cast<char>(bits >> shift & 0xFFU);
    bits = 0;
    taken = 0;
  }
  if (taken == 2) bytes += static_cast<char>(bits >> 4U & 0xFFU);
  if (taken == 3) {
    bytes += static_cast<char>(bits >> 10U & 0xFFU);
    bytes += static_cast<char>(bits >> 2U & 0xFFU);
  }
  // One writing for each value: wrong padding and bits that no byte takes show here.
  if (base64(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace smokeledger::exporters::ledger
