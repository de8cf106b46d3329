#include "exporters/ledger/frame.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "exporters/ledger/hash.h"

namespace smokeledger::exporters::ledger {
namespace {

constexpr std::string_view before_hash = ",\"hash\":\"";
constexpr std::size_t hash_digits = 64;
constexpr std::size_t suffix_bytes = before_hash.size() + hash_digits + 2;

// Takes the expected pieces from the front of a line.
class Front {
 public:
  explicit Front(std::string_view rest) : rest_(rest) {}

  bool take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  std::optional<std::uint64_t> number() {
    std::uint64_t value = 0;
    const char* const end = rest_.data() + rest_.size();
    const auto [stop, error] = std::from_chars(rest_.data(), end, value);
    const auto length = static_cast<std::size_t>(stop - rest_.data());
    const bool leading_zero = length > 1 && rest_.front() == '0';
    if (error != std::errc{} || leading_zero) return std::nullopt;
    rest_.remove_prefix(length);
    return value;
  }

  // A string without escapes: its quote ends it.
  std::optional<std::string_view> plain_string() {
    if (!take("\"")) return std::nullopt;
    const auto end = rest_.find('"');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view text = rest_.substr(0, end);
    if (text.find('\\') != std::string_view::npos) return std::nullopt;
    rest_.remove_prefix(end + 1);
    return text;
  }

 private:
  std::string_view rest_;
};

bool outside(char c) {
  return c < 0x20 || c == 0x7F;
}

// In blocks without a way out, so that the compiler looks at many bytes at once: this sees every
// byte of every ledger.
bool printable(std::string_view line) {
  constexpr std::size_t block = 64;
  for (; line.size() >= block; line.remove_prefix(block)) {
    unsigned char any = 0;
    for (std::size_t i = 0; i < block; ++i) any |= static_cast<unsigned char>(outside(line[i]));
    if (any != 0) return false;
  }
  return std::none_of(line.begin(), line.end(), outside);
}

std::optional<std::string> bad_bytes(std::string_view line) {
  if (line.size() > max_line_bytes) {
    return "it has " + std::to_string(line.size()) + " bytes, the most allowed is " +
           std::to_string(max_line_bytes);
  }
  if (!printable(line)) return "it holds a byte that is not printable ASCII";
  return std::nullopt;
}

std::optional<std::string> read_front(std::string_view covered, Frame& frame) {
  Front front(covered);
  if (!front.take("{\"v\":")) return "it does not begin with {\"v\":";
  const auto version = front.number();
  if (!version) return "its format version is not a number";
  if (*version != format_version) {
    return "its format version is " + std::to_string(*version) + ", this build reads " +
           std::to_string(format_version);
  }
  const auto seq = front.take(",\"seq\":") ? front.number() : std::nullopt;
  if (!seq) return "its second member is not seq";
  const auto prev_text = front.take(",\"prev\":") ? front.plain_string() : std::nullopt;
  const auto prev = prev_text ? hash_from_hex(*prev_text) : std::nullopt;
  if (!prev) return "its third member is not prev with 64 hexadecimal digits";
  const auto kind = front.take(",\"kind\":") ? front.plain_string() : std::nullopt;
  if (!kind) return "its fourth member is not kind";
  const auto id = front.take(",\"ledger_id\":") ? front.plain_string() : std::nullopt;
  if (!id) return "its fifth member is not ledger_id";
  const auto at_text = front.take(",\"recorded_at\":") ? front.plain_string() : std::nullopt;
  const auto at = at_text ? core::parse_utc(*at_text) : std::nullopt;
  if (!at) return "its sixth member is not recorded_at in UTC";
  frame.seq = *seq;
  frame.prev = *prev;
  frame.kind = *kind;
  frame.ledger_id = *id;
  frame.recorded_at = *at;
  return std::nullopt;
}

}  // namespace

boost::system::result<Frame, std::string> read_frame(std::string_view line) {
  if (auto problem = bad_bytes(line)) return *problem;
  Frame frame;
  const std::string_view suffix =
      line.size() > suffix_bytes ? line.substr(line.size() - suffix_bytes) : std::string_view{};
  const bool shaped = suffix.starts_with(before_hash) && suffix.ends_with("\"}");
  const auto hash = shaped ? hash_from_hex(suffix.substr(before_hash.size(), hash_digits))
                           : std::optional<Hash>{};
  frame.covered = line.substr(0, line.size() - suffix.size());
  if (auto problem = read_front(frame.covered, frame)) return *problem;
  if (!hash) return std::string("it does not end with hash and 64 hexadecimal digits");
  frame.hash = *hash;
  return frame;
}

}  // namespace smokeledger::exporters::ledger
