// Events of messages: message_start; blocks that are started, continued and stopped by index;
// message_delta with the stop_reason; message_stop. `ping` may come anywhere.
// https://apidoc.cometapi.com/api/text/anthropic-messages
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "probes/families/stream_order.h"

namespace smokeledger::probes::families::messages {
namespace {

using core::FindingCode;

// Which delta continues which block. Blocks and deltas of other types are passed over: both lists
// grow.
struct Pair {
  std::string_view block;
  std::string_view delta;
};
constexpr std::array<Pair, 3> pairs{
    {{"text", "text_delta"}, {"thinking", "thinking_delta"}, {"tool_use", "input_json_delta"}}};

bool takes(std::string_view block, std::string_view delta) {
  const auto of_block = std::find_if(
      pairs.begin(), pairs.end(), [&](const Pair& pair) { return pair.block == block; });
  const bool known_delta = std::any_of(
      pairs.begin(), pairs.end(), [&](const Pair& pair) { return pair.delta == delta; });
  return of_block == pairs.end() || !known_delta || of_block->delta == delta;
}

class Order : public StreamOrder {
 public:
  void take(const StreamEvent& event, core::RuleWalk& walk) override {
    if (event.type == "ping") return;  // says nothing, wherever it stands
    if (stopped_) return walk.add(FindingCode::data_after_end, event.where);
    if (!fits(event)) walk.add(FindingCode::out_of_order, event.where);
    if (event.type == "message_delta" && !core::text_at(event.data, "delta.stop_reason").empty()) {
      has_reason_ = true;
    }
    if (event.type == "message_stop") {
      stopped_ = true;
      if (!has_reason_) walk.add(FindingCode::missing_member, event.where + ".delta.stop_reason");
    }
  }

  // Some relays close every stream in this way; a client has stopped reading by then.
  void take_done(const std::string& where, core::RuleWalk& walk) override {
    if (!stopped_) walk.add(FindingCode::out_of_order, where);
  }

  void end(core::RuleWalk& walk) override {
    if (!stopped_) walk.add(FindingCode::truncated_stream, "");
  }

 private:
  bool fits(const StreamEvent& event) {
    if (event.type == "message_start") return !std::exchange(started_, true);
    if (!started_) return false;
    const auto index = index_of(event);
    if (event.type == "content_block_start") {
      const std::string type(core::text_at(event.data, "content_block.type"));
      return !has_reason_ && index && seen_.insert(*index).second &&
             open_.emplace(*index, type).second;
    }
    if (event.type == "content_block_delta") {
      const auto block = index ? open_.find(*index) : open_.end();
      return block != open_.end() && takes(block->second, core::text_at(event.data, "delta.type"));
    }
    if (event.type == "content_block_stop") return index && open_.erase(*index) > 0;
    if (event.type == "message_delta" || event.type == "message_stop") return open_.empty();
    return true;
  }

  static std::optional<std::uint64_t> index_of(const StreamEvent& event) {
    std::uint64_t index = 0;
    if (event.data.at_key("index").get(index) != simdjson::SUCCESS) return std::nullopt;
    return index;
  }

  bool started_ = false;
  bool has_reason_ = false;
  bool stopped_ = false;
  std::set<std::uint64_t> seen_;               // blocks, by index
  std::map<std::uint64_t, std::string> open_;  // their types
};

}  // namespace

std::unique_ptr<StreamOrder> stream_order() {
  return std::make_unique<Order>();
}

}  // namespace smokeledger::probes::families::messages
