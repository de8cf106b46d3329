// The order in which a family documents the events of its streams. One object reads one stream.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "probes/core/contract.h"
#include "probes/core/rule_check.h"

namespace smokeledger::probes::families {

struct StreamEvent {
  simdjson::dom::element data;  // an object; holds until the next event
  std::string_view type;        // where the contract says; empty where events have none
  std::string where;            // `event[3]`, for findings
  const core::Contract& contract;
};

class StreamOrder {
 public:
  virtual ~StreamOrder() = default;
  // Whether the rules for every event hold for this one, too.
  virtual bool by_rules(const StreamEvent&) const { return true; }
  // One event that is not an error. Leaves findings for what may not come here.
  virtual void take(const StreamEvent&, core::RuleWalk&) = 0;
  // The data was `[DONE]`, which is no JSON.
  virtual void take_done(const std::string& where, core::RuleWalk&) = 0;
  // No event comes after these: called when the stream is over. Leaves one truncated_stream when
  // the documented end is missing, else a finding for each part that was never ended.
  virtual void end(core::RuleWalk&) = 0;
  // The stream ended as documented, and said that no usable reply came.
  virtual bool failed_ending() const { return false; }
};

namespace chat_completions {
std::unique_ptr<StreamOrder> stream_order();
}
namespace responses {
std::unique_ptr<StreamOrder> stream_order();
}
namespace messages {
std::unique_ptr<StreamOrder> stream_order();
}
namespace generate_content {
std::unique_ptr<StreamOrder> stream_order();
}

}  // namespace smokeledger::probes::families
