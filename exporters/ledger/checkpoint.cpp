#include "exporters/ledger/checkpoint.h"

#include <algorithm>
#include <charconv>

#include "exporters/ledger/base64.h"
#include "exporters/ledger/signed_note.h"

namespace smokeledger::exporters::ledger {
namespace {

constexpr std::string_view origin_prefix = "smokeledger-chain-v1/";

// The next line without its newline, taken from the front; empty when there is none.
std::string_view take_line(std::string_view& text) {
  const auto newline = text.find('\n');
  if (newline == std::string_view::npos) return {};
  const std::string_view line = text.substr(0, newline);
  text.remove_prefix(newline + 1);
  return line;
}

}  // namespace

std::string checkpoint_text(const Checkpoint& checkpoint) {
  const auto* head = reinterpret_cast<const char*>(checkpoint.head.data());
  return std::string(origin_prefix) + checkpoint.ledger + '\n' + std::to_string(checkpoint.length) +
         '\n' + base64({head, checkpoint.head.size()}) + '\n';
}

boost::system::result<Checkpoint, std::string> parse_checkpoint_text(std::string_view text) {
  std::string_view rest = text;
  const std::string_view origin = take_line(rest);
  if (!origin.starts_with(origin_prefix) || origin.size() == origin_prefix.size()) {
    return "its first line is not " + std::string(origin_prefix) + " and a ledger's name";
  }
  Checkpoint checkpoint{.ledger = std::string(origin.substr(origin_prefix.size()))};
  const std::string_view length = take_line(rest);
  std::from_chars(length.data(), length.data() + length.size(), checkpoint.length);
  if (checkpoint.length == 0 || std::to_string(checkpoint.length) != length) {
    return std::string("its second line is not a number of lines");
  }
  const auto head = bytes_from_base64(take_line(rest));
  if (!head || head->size() != checkpoint.head.size()) {
    return std::string("its third line is not a hash of 32 bytes in base64");
  }
  std::copy(head->begin(), head->end(), checkpoint.head.begin());
  if (!rest.empty()) return std::string("its text has more than three lines");
  return checkpoint;
}

boost::system::result<Checkpoint, std::string> checkpoint_of_note(std::string_view note) {
  const auto parsed = parse_note(note);
  if (!parsed) return parsed.error();
  return parse_checkpoint_text(parsed->text);
}

HeadNumbers head_numbers(const Hash& hash) {
  HeadNumbers numbers;
  for (std::size_t nibble = 0; nibble < 26; ++nibble) {
    const unsigned byte = hash[nibble / 2];
    std::uint64_t& number = nibble < 13 ? numbers.high : numbers.low;
    number = number << 4U | (nibble % 2 == 0 ? byte >> 4U : byte & 0xFU);
  }
  return numbers;
}

}  // namespace smokeledger::exporters::ledger
