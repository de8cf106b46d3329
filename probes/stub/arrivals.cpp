#include "probes/stub/arrivals.h"

#include "probes/core/json_writer.h"

namespace smokeledger::probes::stub {
namespace {

std::string key_of(std::string_view script, std::string_view request) {
  std::string key(script);
  key += '/';  // no script's name holds one
  key += request;
  return key;
}

}  // namespace

Arrivals::Place Arrivals::count(std::string_view script,
                                std::string_view request,
                                bool authorized) {
  ++total_;
  if (authorized) ++authorized_;
  ++by_script_[std::string(script)];
  const std::string name =
      request.empty() ? "arrival-" + std::to_string(total_) : std::string(request);
  const auto [found, is_new] = index_.try_emplace(key_of(script, name));
  if (is_new) {
    requests_.push_front({name, std::string(script), 0});
    found->second = requests_.begin();
  } else {
    requests_.splice(requests_.begin(), requests_, found->second);
  }
  const std::uint64_t nth = ++requests_.front().arrivals;
  if (requests_.size() > max_logical_requests) {
    index_.erase(key_of(requests_.back().script, requests_.back().request));
    requests_.pop_back();
  }
  return {total_, nth};
}

std::uint64_t Arrivals::of_script(std::string_view name) const {
  const auto found = by_script_.find(name);
  return found == by_script_.end() ? 0 : found->second;
}

std::string Arrivals::json() const {
  core::JsonWriter json;
  json.begin_object();
  json.key("arrivals").integer(total_);
  json.key("authorized").integer(authorized_);
  json.key("by_script").begin_object();
  for (const auto& [script, count] : by_script_) json.key(script).integer(count);
  json.end_object();
  json.key("requests").begin_array();
  for (const LogicalRequest& request : requests_) {
    json.begin_object();
    json.key("request").string(request.request);
    json.key("arrivals").integer(request.arrivals);
    json.key("script").string(request.script);
    json.end_object();
  }
  json.end_array().end_object();
  return json.take();
}

}  // namespace smokeledger::probes::stub
