#include "daemon/config/readers.h"

#include <algorithm>

#include "daemon/config/address.h"

namespace smokeledger::daemon::config {
namespace {

constexpr std::size_t longest_name = 40;

bool printable(char c) {
  return c >= 0x20 && c < 0x7F;
}

}  // namespace

Section subsection(Errors& errors, const Section& root, std::string_view key) {
  return {errors, section_keys(config_keys(), key), root.get(key), join_path(root.path(), key)};
}

std::string plain_text(const Section& in, std::string_view key, std::size_t longest) {
  std::string text = in.text(key);
  if (text.empty()) return text;
  const bool plain =
      std::all_of(text.begin(), text.end(), printable) && text.front() != ' ' && text.back() != ' ';
  if (plain && text.size() <= longest) return text;
  in.error(key,
           join_path(in.path(), key) + " is not printable ASCII of at most " +
               std::to_string(longest) + " characters",
           "write a shorter or plainer text");
  return {};
}

std::string lowered(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return copy;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_name &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
}

bool is_table_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_name &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") ==
             std::string_view::npos;
}

bool is_credential_name(std::string_view text) {
  return text.size() <= 255 && text != "." && text != ".." &&
         text.find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") ==
             std::string_view::npos;
}

std::optional<std::string> https_link(std::string_view text) {
  const auto url = parse_url(text);
  if (!url || url->scheme != "https" || url->user_info) return std::nullopt;
  return url->plain;
}

}  // namespace smokeledger::daemon::config
