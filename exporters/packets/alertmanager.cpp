#include "exporters/packets/alertmanager.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <simdjson.h>

#include "exporters/ledger/hash.h"
#include "probes/core/time.h"

namespace smokeledger::exporters::packets {
namespace {

namespace dom = simdjson::dom;

bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool identifies(std::string_view text) {
  const auto plain = [](char c) {
    return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= core::max_fingerprint &&
         std::all_of(text.begin(), text.end(), plain);
}

// A fraction of a second of 1 to 9 digits, or none, and the rest behind it.
std::string_view behind_fraction(std::string_view text) {
  if (!text.starts_with('.')) return text;
  const std::size_t end = std::min(text.find_first_not_of("0123456789", 1), text.size());
  return end >= 2 && end <= 10 ? text.substr(end) : std::string_view{};
}

bool is_offset(std::string_view text) {
  if (text == "Z") return true;
  return text.size() == 6 && (text[0] == '+' || text[0] == '-') && digit(text[1]) &&
         digit(text[2]) && text[3] == ':' && digit(text[4]) && digit(text[5]);
}

// https://www.rfc-editor.org/rfc/rfc3339#section-5.6
bool is_time(std::string_view text) {
  constexpr std::size_t seconds = 19;
  return text.size() > seconds && text.size() <= core::max_starts_at &&
         core::parse_utc(std::string(text.substr(0, seconds)) + 'Z').has_value() &&
         is_offset(behind_fraction(text.substr(seconds)));
}

// The first failure sticks: later reads return empty values.
class Delivery {
 public:
  explicit Delivery(const core::LooksLikeSecret& looks_like_secret)
      : looks_like_secret_(looks_like_secret) {}

  core::AlertDelivery read(const dom::element& body);
  const std::string& error() const { return error_; }

 private:
  void fail(std::string what) {
    if (error_.empty()) error_ = std::move(what);
  }
  std::optional<dom::element> member(const dom::element& in, std::string_view name);
  std::string_view text(const dom::element& in, const std::string& at, std::string_view name);
  core::ReceivedAlert alert(const dom::element&, const std::string& at);
  std::map<core::AlertLabel, std::string> labels(const dom::element& in, const std::string& at);
  std::string summary(const dom::element& in, const std::string& at);
  std::uint64_t left_out(const dom::element& body);
  std::string digest(std::string_view);

  const core::LooksLikeSecret& looks_like_secret_;
  ledger::Hasher hasher_;
  std::string group_key_;
  std::string error_;
};

// None: it is absent or null.
std::optional<dom::element> Delivery::member(const dom::element& in, std::string_view name) {
  dom::element found;
  if (!in.is_object() || in.at_key(name).get(found) != simdjson::SUCCESS || found.is_null()) {
    return std::nullopt;
  }
  return found;
}

// `at`: where that member stands, with a dot behind it, or empty.
std::string_view Delivery::text(const dom::element& in,
                                const std::string& at,
                                std::string_view name) {
  const auto found = member(in, name);
  std::string_view value;
  if (!found) {
    fail(at + std::string(name) + " is missing");
  } else if (found->get_string().get(value) != simdjson::SUCCESS) {
    fail(at + std::string(name) + " is not a string");
  }
  return value;
}

std::string Delivery::digest(std::string_view received) {
  return ledger::hex(hasher_({received}));
}

std::map<core::AlertLabel, std::string> Delivery::labels(const dom::element& in,
                                                         const std::string& at) {
  std::map<core::AlertLabel, std::string> kept;
  const auto found = member(in, "labels");
  if (!found || !found->is_object()) {
    fail(at + (found ? "labels is not an object" : "labels is missing"));
    return kept;
  }
  for (const auto name : core::every<core::AlertLabel>()) {
    if (!member(*found, core::word(name))) continue;
    const auto value = text(*found, at + "labels.", core::word(name));
    kept.emplace(name, core::harmless(value, core::max_label_value, looks_like_secret_));
  }
  return kept;
}

std::string Delivery::summary(const dom::element& in, const std::string& at) {
  const auto annotations = member(in, "annotations");
  if (annotations && !annotations->is_object()) fail(at + "annotations is not an object");
  if (!annotations || !member(*annotations, "summary")) return {};
  const auto value = text(*annotations, at + "annotations.", "summary");
  return core::harmless(value, core::max_summary, looks_like_secret_);
}

core::ReceivedAlert Delivery::alert(const dom::element& in, const std::string& at) {
  core::ReceivedAlert alert;
  const std::string place = at + ".";
  if (!in.is_object()) fail(at + " is not an object");
  const auto status = core::from_word<core::AlertStatus>(text(in, place, "status"));
  if (!status) fail(place + "status is neither firing nor resolved");
  alert.status = status.value_or(core::AlertStatus::firing);
  alert.group_key = group_key_;
  alert.labels = labels(in, place);
  alert.summary = summary(in, place);
  alert.identity.starts_at = text(in, place, "startsAt");
  if (!is_time(alert.identity.starts_at)) fail(place + "startsAt is not a time of RFC 3339");
  const auto fingerprint = text(in, place, "fingerprint");
  if (fingerprint.empty()) fail(place + "fingerprint is empty");
  const bool plain = identifies(fingerprint) && !looks_like_secret_(fingerprint);
  alert.identity.fingerprint = plain ? std::string(fingerprint) : digest(fingerprint);
  return alert;
}

std::uint64_t Delivery::left_out(const dom::element& body) {
  const auto found = member(body, "truncatedAlerts");
  std::uint64_t count = 0;
  if (found && found->get_uint64().get(count) != simdjson::SUCCESS) {
    fail("truncatedAlerts is not a number from 0 up");
  }
  return count;
}

core::AlertDelivery Delivery::read(const dom::element& body) {
  core::AlertDelivery delivery;
  if (!body.is_object()) fail("the body is not a JSON object");
  if (text(body, "", "version") != "4") fail("version is not \"4\", the one that is understood");
  const auto group_key = text(body, "", "groupKey");
  if (group_key.empty()) fail("groupKey is empty");
  // Two groups must not become one because their names are cut.
  constexpr std::string_view digested = "sha256:";
  const std::string shown = core::harmless(group_key, core::max_group_key, looks_like_secret_);
  const bool as_received = shown == group_key && !shown.starts_with(digested);
  group_key_ = as_received ? shown : std::string(digested) + digest(group_key);
  delivery.group_key = group_key_;
  delivery.left_out = left_out(body);

  const auto alerts = member(body, "alerts");
  dom::array list;
  if (!alerts || alerts->get_array().get(list) != simdjson::SUCCESS) {
    fail(alerts ? "alerts is not a list" : "alerts is missing");
    return delivery;
  }
  std::size_t count = 0;
  for (const dom::element one : list) {
    if (count == max_alerts_in_a_delivery) {
      fail("alerts has more than " + std::to_string(max_alerts_in_a_delivery) + " items");
    }
    if (!error_.empty()) break;
    delivery.alerts.push_back(alert(one, "alerts[" + std::to_string(count++) + "]"));
  }
  if (count == 0) fail("alerts is empty");
  return delivery;
}

}  // namespace

boost::system::result<core::AlertDelivery, std::string> read_delivery(
    std::string_view body, const core::LooksLikeSecret& looks_like_secret) {
  dom::parser parser;
  dom::element document;
  if (parser.parse(simdjson::padded_string(body)).get(document) != simdjson::SUCCESS) {
    return {boost::system::in_place_error, "the body is not JSON"};
  }
  Delivery reader(looks_like_secret);
  core::AlertDelivery delivery = reader.read(document);
  if (!reader.error().empty()) return {boost::system::in_place_error, reader.error()};
  return delivery;
}

}  // namespace smokeledger::exporters::packets
