#include "exporters/ledger/json_reader.h"

namespace smokeledger::exporters::ledger {

std::optional<JsonReader::Value> JsonReader::find(std::string_view name) {
  Value value;
  if (failed() || object_.find_field(name).get(value) != simdjson::SUCCESS) {
    fail(name);
    return std::nullopt;
  }
  return value;
}

std::optional<JsonReader::Value> JsonReader::find_unless_null(std::string_view name) {
  std::optional<Value> value = find(name);
  if (!value) return std::nullopt;
  bool null = false;
  if (value->is_null().get(null) != simdjson::SUCCESS) {
    fail(name);
    return std::nullopt;
  }
  return null ? std::nullopt : value;
}

// Not finding it must leave the members after it readable: the ordered search would be at the end.
std::optional<JsonReader::Value> JsonReader::find_if_there(std::string_view name) {
  Value value;
  if (failed()) return std::nullopt;
  const auto error = object_.find_field_unordered(name).get(value);
  if (error == simdjson::SUCCESS) return value;
  if (error != simdjson::NO_SUCH_FIELD) fail(name);
  return std::nullopt;
}

bool JsonReader::find_array(std::string_view name, simdjson::ondemand::array& array) {
  std::optional<Value> value = find(name);
  if (!value) return false;
  if (value->get_array().get(array) == simdjson::SUCCESS) return true;
  fail(name);
  return false;
}

std::string JsonReader::as_text(std::string_view name, Value& value) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) {
    fail(name);
    return {};
  }
  return std::string(text);
}

std::string JsonReader::text(std::string_view name) {
  std::optional<Value> value = find(name);
  return value ? as_text(name, *value) : std::string{};
}

std::optional<std::string> JsonReader::optional_text(std::string_view name) {
  std::optional<Value> value = find_unless_null(name);
  if (!value) return std::nullopt;
  return as_text(name, *value);
}

std::optional<std::string> JsonReader::text_if_there(std::string_view name) {
  std::optional<Value> value = find_if_there(name);
  if (!value) return std::nullopt;
  return as_text(name, *value);
}

bool JsonReader::boolean(std::string_view name) {
  std::optional<Value> value = find(name);
  bool flag = false;
  if (value && value->get_bool().get(flag) != simdjson::SUCCESS) fail(name);
  return flag;
}

core::WallTime JsonReader::utc(std::string_view name) {
  const auto time = core::parse_utc(text(name));
  if (!time) fail(name);
  return time.value_or(core::WallTime{});
}

std::optional<core::WallTime> JsonReader::optional_utc(std::string_view name) {
  const std::optional<std::string> text = optional_text(name);
  if (!text) return std::nullopt;
  const auto time = core::parse_utc(*text);
  if (!time) fail(name);
  return time;
}

std::optional<core::WallTime> JsonReader::utc_if_there(std::string_view name) {
  std::optional<Value> value = find_if_there(name);
  if (!value) return std::nullopt;
  const auto time = core::parse_utc(as_text(name, *value));
  if (!time) fail(name);
  return time;
}

std::vector<std::string> JsonReader::texts(std::string_view name) {
  std::vector<std::string> items;
  simdjson::ondemand::array array;
  if (!find_array(name, array)) return items;
  for (auto element : array) {
    std::string_view text;
    if (element.get_string().get(text) != simdjson::SUCCESS) {
      fail(name);
      break;
    }
    items.emplace_back(text);
  }
  return items;
}

std::string JsonReader::raw_object(std::string_view name) {
  std::optional<Value> value = find(name);
  if (!value) return {};
  simdjson::ondemand::object nested;
  std::string_view bytes;
  if (value->get_object().get(nested) != simdjson::SUCCESS ||
      nested.raw_json().get(bytes) != simdjson::SUCCESS) {
    fail(name);
    return {};
  }
  return std::string(bytes);
}

}  // namespace smokeledger::exporters::ledger
