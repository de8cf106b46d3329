#include "probes/core/retry_after.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "probes/core/time.h"

namespace smokeledger::probes::core {
namespace {

// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that senders may still generate.
std::optional<WallTime> parse_http_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> months{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
  if (month == months.end()) return std::nullopt;
  const std::string number = std::to_string(month - months.begin() + 1);
  return parse_utc(std::string(text.substr(12, 4)) + (number.size() == 1 ? "-0" : "-") + number +
                   '-' + std::string(text.substr(5, 2)) + 'T' + std::string(text.substr(17, 8)) +
                   'Z');
}

std::optional<Milliseconds> seconds_or_date(const Reply& reply, std::string_view text) {
  if (const auto wait = decimal_wait(text, std::chrono::seconds{1})) return wait;
  const auto until = parse_http_date(text);
  const auto date = parse_http_date(reply.header("date"));
  if (!until || !date || *until <= *date) return std::nullopt;
  return Milliseconds{*until - *date};
}

std::optional<Milliseconds> milliseconds(const Reply&, std::string_view text) {
  return decimal_wait(text, Milliseconds{1});
}

struct Spelling {
  std::string_view header;
  std::optional<Milliseconds> (*read)(const Reply&, std::string_view);
};
// In the order in which they count.
constexpr std::array<Spelling, 3> spellings{{
    {"retry-after-ms", milliseconds},
    {"x-ms-retry-after-ms", milliseconds},
    {"retry-after", seconds_or_date},
}};

}  // namespace

RetryWish retry_wish(const Reply& reply, const Reading& reading) {
  RetryWish wish;
  if (status_class_of(reply.http_status) == StatusClass::s2xx) return wish;
  wish.forbids = reply.header("x-should-retry") == "false";
  for (const Spelling& spelling : spellings) {
    const std::string_view text = reply.header(spelling.header);
    if (text.empty()) continue;
    wish.names_a_wait = true;
    if (!wish.wait) wish.wait = spelling.read(reply, text);
  }
  wish.names_a_wait = wish.names_a_wait || reading.names_retry_delay;
  if (!wish.wait) wish.wait = reading.retry_delay;
  return wish;
}

}  // namespace smokeledger::probes::core
