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
  // A chunk without choices carries usage or a vendor's own annotations, and no part of the reply.
  bool by_rules(const StreamEvent& event) const override {
    simdjson::dom::array choices;
    return event.data.at_key("choices").get(choices) != simdjson::SUCCESS || choices.size() > 0;
  }

  void take(const StreamEvent& event, core::RuleWalk& walk) override {
    if (done_) return walk.add(FindingCode::data_after_end, event.where);
    simdjson::dom::array choices;
    if (event.data.at_key("choices").get(choices) != simdjson::SUCCESS) return;
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
  void take_choice(const element& choice, const std::string& where, core::RuleWalk& walk) {
    std::uint64_t index = 0;
    if (!choice.is_object() || choice.at_key("index").get(index) != simdjson::SUCCESS) return;
    if (ended_.size() == core::most_findings && ended_.count(index) == 0) return;
    bool& ended = ended_[index];
    if (ended && says_more(choice)) walk.add(FindingCode::data_after_end, where);
    ended = ended || !core::text_at(choice, "finish_reason").empty();
  }

  // Servers repeat an ending on a later chunk; text or tool calls behind it are another thing.
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
