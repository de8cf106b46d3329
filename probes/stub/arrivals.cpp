#include "probes/stub/arrivals.h"

#include <utility>

#include "probes/core/json_writer.h"

namespace smokeledger::probes::stub {
namespace {

std::string key_of(std::string_view script, std::string_view request) {
  std::string key(script);
  key += '/';  // no script's name holds one
  key += request;
  return key;
}

core::ToldBy told_by(const Came& came) {
  if (!came.request.empty()) return core::ToldBy::request_id;
  return came.retry_count ? core::ToldBy::retry_count : core::ToldBy::nothing;
}

void append_request(core::JsonWriter& json, const LogicalRequest& request) {
  json.begin_object().key("request").string(request.request);
  json.key("arrivals").integer(request.arrivals).key("script").string(request.script);
  json.key("told_by").string(core::word(request.told_by)).key("gaps_ms").begin_array();
  for (std::size_t i = 1; i < request.first.size(); ++i) {
    json.integer((request.first[i].at - request.first[i - 1].at).count());
  }
  json.end_array().key("asked_wait_ms").begin_array();
  for (const core::Arrival& arrival : request.first) {
    arrival.asks.wait ? json.integer(arrival.asks.wait->count()) : json.null();
  }
  json.end_array().key("retry_counts").begin_array();
  for (const core::Arrival& arrival : request.first) {
    arrival.retry_count ? json.integer(*arrival.retry_count) : json.null();
  }
  json.end_array().end_object();
}

}  // namespace

std::string RequestLog::name_of(const Came& came) {
  if (!came.request.empty()) return std::string(came.request);
  std::string own = "arrival-" + std::to_string(total_);
  if (!came.retry_count) return own;
  const auto [newest, none_yet] = newest_by_retry_count_.try_emplace(std::string(came.script), own);
  if (!none_yet && *came.retry_count == 0) newest->second = own;
  return newest->second;
}

std::uint64_t RequestLog::count(const Came& came) {
  ++total_;
  const std::string name = name_of(came);
  const auto [found, is_new] = index_.try_emplace(key_of(came.script, name));
  if (is_new) {
    requests_.push_front({name, std::string(came.script), told_by(came)});
    found->second = requests_.begin();
  } else {
    requests_.splice(requests_.begin(), requests_, found->second);
  }
  LogicalRequest& request = requests_.front();
  const std::uint64_t nth = ++request.arrivals;
  if (nth <= core::max_arrivals_kept) {
    request.first.push_back({.at = came.at, .retry_count = came.retry_count});
  }
  if (requests_.size() > max_logical_requests) {
    index_.erase(key_of(requests_.back().script, requests_.back().request));
    requests_.pop_back();
  }
  return nth;
}

void RequestLog::answered(const core::Asks& asks, bool at_once) {
  if (requests_.empty()) return;
  LogicalRequest& newest = requests_.front();
  if (newest.arrivals != newest.first.size()) return;
  newest.first.back().asks = asks;
  newest.first.back().answered_at_once = at_once;
}

Arrivals::Place Arrivals::count(const Came& came) {
  if (came.authorized) ++authorized_;
  ++by_script_[std::string(came.script)];
  Place place{0, all_.count(came)};
  place.in_total = all_.total();
  bool first = true;
  for (auto& [id, watching] : watches_) {
    watching.is_concerned = watching.watch.belongs(came);
    if (!watching.is_concerned) continue;
    Came as_watched = came;
    if (watching.watch.as_one) as_watched.request = "all";
    const std::uint64_t nth = watching.log.count(as_watched);
    if (std::exchange(first, false)) place.of_request = nth;
  }
  return place;
}

void Arrivals::answered(const core::Asks& asks, bool at_once) {
  all_.answered(asks, at_once);
  for (auto& [id, watching] : watches_) {
    if (watching.is_concerned) watching.log.answered(asks, at_once);
  }
}

Arrivals::WatchId Arrivals::watch(Watch watch) {
  watches_[++last_watch_].watch = std::move(watch);
  return last_watch_;
}

const RequestLog& Arrivals::watched(WatchId id) const {
  return watches_.at(id).log;
}

void Arrivals::unwatch(WatchId id) {
  watches_.erase(id);
}

std::uint64_t Arrivals::of_script(std::string_view name) const {
  const auto found = by_script_.find(name);
  return found == by_script_.end() ? 0 : found->second;
}

std::string Arrivals::json() const {
  core::JsonWriter json;
  json.begin_object();
  json.key("arrivals").integer(total());
  json.key("authorized").integer(authorized_);
  json.key("by_script").begin_object();
  for (const auto& [script, count] : by_script_) json.key(script).integer(count);
  json.end_object();
  json.key("requests").begin_array();
  for (const LogicalRequest& request : requests()) append_request(json, request);
  json.end_array().end_object();
  return json.take();
}

}  // namespace smokeledger::probes::stub
