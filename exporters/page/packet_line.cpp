#include "exporters/page/packet_line.h"

#include <string>

#include "exporters/page/layout.h"

namespace smokeledger::exporters::page {
namespace {

Markup line_of(std::uint64_t seq, const LineView& view) {
  const std::string id = view.site.ledger + '-' + std::to_string(seq);
  return link(line_link(id), {}, code(id));
}

// Text of somebody else: shown, not asserted.
Markup received(const core::ReceivedAlert& alert) {
  Facts facts;
  facts.add("status", core::word(alert.status));
  for (const auto name : core::every<core::AlertLabel>()) {
    const auto value = alert.label(name);
    if (!value.empty())
      facts.add("label", code(std::string(core::word(name)) + '=' + std::string(value)));
  }
  facts.add("what it says", alert.summary);
  facts.add("group_key", code(alert.group_key));
  return element("h3", "The alert as it was received") + facts.list();
}

}  // namespace

Markup packet_section(const core::PacketLine& line, const LineView& view) {
  const std::uint64_t packet = line.packet.value_or(view.seq);
  Facts facts;
  facts.add("event", core::word(line.event));
  facts.add("packet", line_of(packet, view));
  facts.add("opener", core::word(line.opener));
  facts.add("environment", line.environment);
  facts.add("probe", line.probe);
  if (line.cited_seq) facts.add("cited line", line_of(*line.cited_seq, view));
  facts.add("operator_initials", line.initials);
  if (line.caller_uid) facts.add("caller_uid", std::to_string(*line.caller_uid));
  facts.add("operator_notes", line.note);
  facts.add("follow_up_owner", line.follow_up_owner);
  if (line.question_about) facts.add("question_about", core::word(*line.question_about));
  facts.add("result", line.result);
  facts.add("changed", line.changed);
  facts.add("remaining_uncertainty", line.remaining_uncertainty);
  if (line.to) {
    facts.add("handed_to", core::word(*line.to));
    facts.add("hand_over_attempts", std::to_string(line.attempts));
  }
  const std::string command =
      "smokeledger packet show " + view.site.ledger + '-' + std::to_string(packet);
  return element("section",
                 element("h2", "Of an escalation packet") +
                     element("p", text("The whole of it, with its evidence: ") + code(command)) +
                     facts.list() + (line.alert ? received(*line.alert) : Markup{})) +
         Markup("\n");
}

}  // namespace smokeledger::exporters::page
