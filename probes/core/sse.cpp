#include "probes/core/sse.h"

#include <charconv>
#include <utility>

namespace smokeledger::probes::core {

void EventReader::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (after_carriage_return_ && bytes.front() == '\n') {
      after_carriage_return_ = false;
      bytes.remove_prefix(1);
      continue;
    }
    after_carriage_return_ = false;
    const auto end = bytes.find_first_of("\r\n");
    if (end == std::string_view::npos) {
      line_ += bytes;
      return;
    }
    after_carriage_return_ = bytes[end] == '\r';
    if (line_.empty()) {
      take_line(bytes.substr(0, end));
    } else {
      line_ += bytes.substr(0, end);
      take_line(line_);
      line_.clear();
    }
    bytes.remove_prefix(end + 1);
  }
}

void EventReader::end() {
  if (!line_.empty()) take_line(std::exchange(line_, {}));
  if (has_data_) dispatch(false);
}

void EventReader::take_line(std::string_view line) {
  if (std::exchange(at_start_, false) && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
  if (line.empty()) return dispatch(true);
  const auto colon = line.find(':');
  if (colon == 0) {
    ++fields_.comments;
    return;
  }
  if (colon == std::string_view::npos) return take_field(line, {});
  std::string_view value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  take_field(line.substr(0, colon), value);
}

void EventReader::take_field(std::string_view name, std::string_view value) {
  if (name == "data") {
    if (std::exchange(has_data_, true)) data_ += '\n';
    data_ += value;
  } else if (name == "event") {
    type_ = value;
  } else if (name == "id") {
    if (value.find('\0') == std::string_view::npos) fields_.last_event_id = value;
  } else if (name == "retry") {
    unsigned long long number = 0;
    const auto read = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool digits = value.find_first_not_of("0123456789") == std::string_view::npos;
    if (digits && !value.empty() && read.ec == std::errc{}) fields_.retry_ms = number;
  }
}

void EventReader::dispatch(bool closed) {
  if (has_data_) on_event_({type_, data_, count_++, closed});
  type_.clear();
  data_.clear();
  has_data_ = false;
}

}  // namespace smokeledger::probes::core
