// Chunks of streamGenerateContent with alt=sse: each candidate ends with a finishReason, or the
// prompt is blocked. There is no closing event. https://ai.google.dev/api/generate-content
#include <map>

#include "probes/families/stream_order.h"

namespace smokeledger::probes::families::generate_content {
namespace {

using core::FindingCode;
using simdjson::dom::element;

class Order : public StreamOrder {
 public:
  void take(const StreamEvent& event, core::RuleWalk& walk) override {
    blocked_ = blocked_ || !core::text_at(event.data, "promptFeedback.blockReason").empty();
    simdjson::dom::array candidates;
    if (event.data.at_key("candidates").get(candidates) != simdjson::SUCCESS) return;
    for (const element candidate : candidates) take_candidate(candidate, event.where, walk);
  }

  // Not of this family: what reads each line as JSON breaks here.
  void take_done(const std::string& where, core::RuleWalk& walk) override {
    walk.add(FindingCode::not_json, where);
  }

  void end(core::RuleWalk& walk) override {
    if (blocked_) return;
    bool all_ended = !ended_.empty();
    for (const auto& [index, ended] : ended_) all_ended = all_ended && ended;
    if (!all_ended) walk.add(FindingCode::truncated_stream, "");
  }

 private:
  void take_candidate(const element& candidate, const std::string& where, core::RuleWalk& walk) {
    if (!candidate.is_object()) return;
    std::uint64_t index = 0;  // left out where it is 0
    if (candidate.at_key("index").get(index) != simdjson::SUCCESS) index = 0;
    if (ended_.size() == core::most_findings && !ended_.contains(index)) {
      return walk.add(FindingCode::too_large, where);
    }
    bool& ended = ended_[index];
    // Older servers say an ending on every chunk: the last chunk with text counts.
    const bool ends = !core::text_at(candidate, "finishReason").empty();
    if (ended && !ends && says_something(candidate)) {
      walk.add(FindingCode::data_after_end, where);
    }
    ended = ended || ends;
  }

  static bool says_something(const element& candidate) {
    const auto parts = core::element_at(candidate, "content.parts");
    if (!parts || !parts->is_array()) return false;
    for (const element part : simdjson::dom::array(*parts)) {
      std::string_view text;
      const bool empty_text =
          part.is_object() && part.at_key("text").get(text) == simdjson::SUCCESS && text.empty();
      if (!empty_text) return true;
    }
    return false;
  }

  std::map<std::uint64_t, bool> ended_;  // by index of the candidate
  bool blocked_ = false;
};

}  // namespace

std::unique_ptr<StreamOrder> stream_order() {
  return std::make_unique<Order>();
}

}  // namespace smokeledger::probes::families::generate_content
