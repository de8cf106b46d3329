// Chunks of chat_completions: each choice ends with a finish_reason, the stream with `[DONE]`.
// https://apidoc.cometapi.com/api/text/chat
#include <map>

#include "probes/families/stream_order.h"

namespace smokeledger::probes::families::chat_completions {
namespace {

using core::FindingCode;
using simdjson::dom::element;

class Order : public StreamOrder {
 public:
  // A chunk without choices carries usage or a vendor's own annotations, and no part of the reply:
  // it may lack a name. Its usage is judged here.
  bool by_rules(const StreamEvent& event) const override {
    std::size_t times = 0;
    bool empty = false;
    for (const auto field : event.data.get_object()) {
      if (field.key != "choices") continue;
      ++times;
      simdjson::dom::array choices;
      empty = field.value.get(choices) == simdjson::SUCCESS && choices.size() == 0;
    }
    return times != 1 || !empty;
  }

  void take(const StreamEvent& event, core::RuleWalk& walk) override {
    if (done_) return walk.add(FindingCode::data_after_end, event.where);
    simdjson::dom::array choices;
    if (event.data.at_key("choices").get(choices) != simdjson::SUCCESS) return;
    if (choices.size() == 0) take_usage(event, walk);
    for (const element choice : choices) take_choice(choice, event.where, walk);
  }

  void take_done(const std::string& where, core::RuleWalk& walk) override {
    if (done_) walk.add(FindingCode::data_after_end, where);
    done_ = true;
  }

  void end(core::RuleWalk& walk) override {
    if (!done_) return walk.add(FindingCode::truncated_stream, "");
    if (ended_.empty()) walk.add(FindingCode::missing_member, "choices");
    for (const auto& [index, ended] : ended_) {
      if (!ended) walk.add(FindingCode::not_ended, "choices[" + std::to_string(index) + "]");
    }
  }

 private:
  static void take_usage(const StreamEvent& event, core::RuleWalk& walk) {
    const auto usage = core::element_at(event.data, "usage");
    if (!usage || usage->is_null()) return;
    if (!usage->is_object()) return walk.add(FindingCode::wrong_type, event.where + ".usage");
    for (const std::string member : {"prompt_tokens", "completion_tokens", "total_tokens"}) {
      const auto count = core::element_at(*usage, member);
      if (count && !count->is_null() && !count->is_int64()) {
        walk.add(FindingCode::wrong_type, event.where + ".usage." + member);
      }
    }
  }

  void take_choice(const element& choice, const std::string& where, core::RuleWalk& walk) {
    std::uint64_t index = 0;
    if (!choice.is_object() || choice.at_key("index").get(index) != simdjson::SUCCESS) {
      return walk.add(FindingCode::out_of_order, where);  // no choice has such a number
    }
    if (ended_.size() == core::most_findings && !ended_.contains(index)) {
      return walk.add(FindingCode::too_large, where);
    }
    bool& ended = ended_[index];
    const bool ends = !core::text_at(choice, "finish_reason").empty();
    if (ended && !ends && says_more(choice)) walk.add(FindingCode::data_after_end, where);
    ended = ended || ends;
  }

  // Servers repeat an ending on later chunks; text or tool calls behind the last one are another
  // thing.
  static bool says_more(const element& choice) {
    const auto calls = core::element_at(choice, "delta.tool_calls");
    return !core::text_at(choice, "delta.content").empty() ||
           (calls && calls->is_array() && simdjson::dom::array(*calls).size() > 0);
  }

  std::map<std::uint64_t, bool> ended_;  // by index of the choice
  bool done_ = false;
};

}  // namespace

std::unique_ptr<StreamOrder> stream_order() {
  return std::make_unique<Order>();
}

}  // namespace smokeledger::probes::families::chat_completions
