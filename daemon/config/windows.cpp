#include <charconv>
#include <optional>

#include "daemon/config/readers.h"
#include "daemon/config/secrets.h"
#include "daemon/config/time_zone.h"

namespace smokeledger::daemon::config {
namespace {

// 22:30, in 24 hours.
std::optional<std::chrono::minutes> time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  unsigned hour = 0;
  unsigned minute = 0;
  const auto whole = [](std::string_view digits, unsigned& value) {
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return parsed.ec == std::errc{} && parsed.ptr == digits.data() + digits.size();
  };
  if (!whole(text.substr(0, 2), hour) || !whole(text.substr(3), minute) || hour > 23 ||
      minute > 59) {
    return std::nullopt;
  }
  return std::chrono::hours{hour} + std::chrono::minutes{minute};
}

std::chrono::minutes read_time(const Section& in, std::string_view key) {
  const std::string text = in.text(key);
  if (const auto time = time_of_day(text)) return *time;
  if (in.get(key) != nullptr) {
    in.error(key,
             join_path(in.path(), key) + " is " + shown(text) + ", not a time of the day",
             "write HH:MM, from 00:00 to 23:59");
  }
  return {};
}

void read_days(Errors& errors, const Section& in, core::QuietWindow& window) {
  const Node* list = in.get("days");
  if (list == nullptr) return window.days.fill(true);
  for (const Node& item : list->items) {
    if (const auto day = core::from_word<core::Weekday>(item.text)) {
      window.days[static_cast<std::size_t>(*day)] = true;
    } else {
      errors.add(item.at,
                 shown(item.text) + " is not a day of the week",
                 "write one of: mon, tue, wed, thu, fri, sat, sun");
    }
  }
}

std::shared_ptr<const core::QuietWindow> read_window(Errors& errors,
                                                     const std::string& name,
                                                     const Node& node) {
  const Section in(
      errors, section_keys(config_keys(), "windows.NAME"), &node, join_path("windows", name));
  auto window = std::make_shared<core::QuietWindow>();
  window->name = name;
  if (!is_table_name(name)) {
    errors.add(node.key_at, in.path() + " is not a name", "write 1 to 40 of [A-Za-z0-9_-]");
  }
  window->time_zone = in.text("time_zone");
  if (in.get("time_zone") != nullptr && !is_time_zone(window->time_zone)) {
    in.error("time_zone",
             join_path(in.path(), "time_zone") + " is " + shown(window->time_zone) +
                 ", which is not a time zone of this host",
             "write an IANA name such as \"Europe/Berlin\" or \"UTC\"");
    return nullptr;
  }
  read_days(errors, in, *window);
  window->from = read_time(in, "from");
  window->to = read_time(in, "to");
  return window;
}

}  // namespace

Named<core::QuietWindow> read_windows(Errors& errors, const Section& root) {
  Named<core::QuietWindow> windows;
  if (const Node* tables = root.get("windows")) {
    for (const auto& [name, node] : tables->members) {
      windows.emplace(name, read_window(errors, name, node));
    }
  }
  return windows;
}

}  // namespace smokeledger::daemon::config
