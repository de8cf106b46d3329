#include "probes/core/packet.h"

#include <algorithm>

namespace smokeledger::probes::core {
namespace {

constexpr std::string_view cut_mark = "...";

bool printable(char c) {
  return c >= 0x20 && c < 0x7F;
}

bool continues_a_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

}  // namespace

std::string_view ReceivedAlert::label(AlertLabel name) const {
  const auto found = labels.find(name);
  return found == labels.end() ? std::string_view{} : found->second;
}

std::string harmless(std::string_view foreign,
                     std::size_t most,
                     const LooksLikeSecret& looks_like_secret) {
  if (looks_like_secret(foreign)) return std::string(secret_left_out);
  std::string text;
  bool inside_a_character = false;
  for (const char c : foreign) {
    if (inside_a_character && continues_a_character(c)) continue;
    inside_a_character = !printable(c);
    text += printable(c) ? c : '?';
    if (text.size() > most) {
      text.replace(most - cut_mark.size(), std::string::npos, cut_mark);
      return text;
    }
  }
  return text;
}

PacketState LivePacket::state() const {
  const bool fires = std::any_of(alerts.begin(), alerts.end(), [](const auto& one) {
    return one.second == AlertStatus::firing;
  });
  const bool escalates = escalated_seq && !over_seq;
  return resolutions > 0 && !fires && !escalates ? PacketState::resolved : PacketState::open;
}

}  // namespace smokeledger::probes::core
