#include "exporters/page/open_packets.h"

#include "exporters/page/pages.h"

namespace smokeledger::exporters::page {
namespace {

std::string times(std::uint32_t count, const std::string& what) {
  return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

// `Opened by policy, open, 2 repeats, not acknowledged.`
std::string sentence_of(const core::LivePacket& live) {
  std::string said = "Opened by " + std::string(core::word(live.opener)) + ", " +
                     std::string(core::word(live.state()));
  if (live.repeats > 0) said += ", " + times(live.repeats, "repeat");
  return said +
         (live.acknowledged_at ? ", acknowledged by " + live.acknowledged_by
                               : std::string(", not acknowledged")) +
         '.';
}

std::string owner(const core::LivePacket& live,
                  const std::map<std::string, std::string>& owner_of) {
  if (!live.follow_up_owner.empty()) return live.follow_up_owner;
  const auto known = owner_of.find(live.probe);
  return known == owner_of.end() ? std::string{} : known->second;
}

}  // namespace

void show_packets(Overview& view,
                  const core::PacketBook& book,
                  const std::map<std::string, std::string>& owner_of) {
  for (const auto& [seq, live] : book.live) {
    if (view.open_packets.size() == waiting_shown) break;
    view.open_packets.push_back({view.site.ledger + '-' + std::to_string(seq),
                                 live.opened_at,
                                 live.probe.empty() ? live.alertname : live.probe,
                                 sentence_of(live),
                                 owner(live, owner_of)});
  }
  view.open_packets_more = book.live.size() - view.open_packets.size();
}

}  // namespace smokeledger::exporters::page
