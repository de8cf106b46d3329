// Events of responses: response.created first; items that are added and done by output_index; then
// one of response.completed, response.incomplete and response.failed with the whole response.
// https://apidoc.cometapi.com/api/text/responses
#include <optional>
#include <set>

#include "probes/core/envelope.h"
#include "probes/families/stream_order.h"

namespace smokeledger::probes::families::responses {
namespace {

using core::FindingCode;
using simdjson::dom::element;

constexpr std::string_view prefix = "response.";

bool is_terminal(std::string_view type) {
  return type == "response.completed" || type == "response.incomplete" || type == "response.failed";
}

class Order : public StreamOrder {
 public:
  void take(const StreamEvent& event, core::RuleWalk& walk) override {
    if (!terminal_.empty()) return walk.add(FindingCode::data_after_end, event.where);
    if (!in_sequence(event.data) || !fits(event)) walk.add(FindingCode::out_of_order, event.where);
    if (is_terminal(event.type)) take_terminal(event, walk);
  }

  // Some relays close every stream in this way. Clients stop there: before the terminal event it
  // takes that from them.
  void take_done(const std::string& where, core::RuleWalk& walk) override {
    if (terminal_.empty()) walk.add(FindingCode::truncated_stream, where);
  }

  void end(core::RuleWalk& walk) override {
    if (terminal_.empty()) return walk.add(FindingCode::truncated_stream, "");
    if (terminal_ != "response.completed") return;
    for (const auto index : open_) {
      walk.add(FindingCode::not_ended, "output[" + std::to_string(index) + "]");
    }
  }

  bool failed_ending() const override { return terminal_ == "response.failed"; }

 private:
  // Numbers are left out by older servers, and all the same from some relays.
  bool in_sequence(const element& data) {
    std::int64_t number = 0;
    if (data.at_key("sequence_number").get(number) != simdjson::SUCCESS) return true;
    const bool forward = !last_number_ || number >= *last_number_;
    last_number_ = number;
    return forward;
  }

  bool fits(const StreamEvent& event) {
    if (event.type == "response.created") return !std::exchange(created_, true);
    if (!created_) return false;
    element value;
    if (event.data.at_key("output_index").get(value) != simdjson::SUCCESS) return true;
    std::uint64_t index = 0;
    if (value.get(index) != simdjson::SUCCESS) return false;
    if (event.type == "response.output_item.added") {
      seen_.insert(index);
      return open_.insert(index).second;
    }
    if (event.type == "response.output_item.done") {
      // Servers were seen to count an item's last events as those of the next one.
      if (open_.erase(index) == 0 && !open_.empty()) open_.erase(open_.begin());
      return true;
    }
    // What only repeats the whole of a part may come late, or under that number.
    return seen_.contains(index) || event.type.ends_with(".done");
  }

  void take_terminal(const StreamEvent& event, core::RuleWalk& walk) {
    terminal_ = std::string(event.type);
    const auto response = core::element_at(event.data, "response");
    if (!response) return;  // its own rule says so
    walk.check(event.contract.rules, *response, event.where + ".response");
    if (terminal_ != "response.failed" && core::names_an_error(*response)) {
      walk.add(FindingCode::error_object, event.where + ".response.error");
    }
    if (core::text_at(*response, "status") != event.type.substr(prefix.size())) {
      walk.add(FindingCode::undocumented_value, event.where + ".response.status");
    }
  }

  bool created_ = false;
  std::string terminal_;  // its type
  std::optional<std::int64_t> last_number_;
  std::set<std::uint64_t> seen_;  // items, by output_index
  std::set<std::uint64_t> open_;
};

}  // namespace

std::unique_ptr<StreamOrder> stream_order() {
  return std::make_unique<Order>();
}

}  // namespace smokeledger::probes::families::responses
