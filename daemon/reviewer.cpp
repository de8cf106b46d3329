#include "daemon/reviewer.h"

#include <algorithm>
#include <utility>

#include "daemon/operator_lines.h"

namespace smokeledger::daemon {
namespace {

// The newest line that is spoken of; 0: none is.
std::uint64_t spoken_of(const core::Line& line) {
  if (const auto* reviewed = std::get_if<core::ReviewLine>(&line)) return reviewed->review.last_seq;
  const auto* decided = std::get_if<core::DecisionLine>(&line);
  return decided == nullptr ? 0 : decided->decision.cited_seq.value_or(0);
}

}  // namespace

void Reviewer::record(std::string_view json, std::optional<std::uint32_t> caller_uid, Done done) {
  if (stopped_) return done(NotRecorded{false, "the service is stopping"});
  auto line = operator_line(json, caller_uid);
  if (!line) return done(NotRecorded{true, line.error()});
  if (const auto* packet = std::get_if<core::PacketLine>(&*line)) {
    return packets_.say(*packet, [done = std::move(done)](const PacketKeeper::Answer& answer) {
      using Kind = PacketKeeper::Answer::Kind;
      if (answer.kind == Kind::kept) return done(answer.ledger_id);
      const bool refused = answer.kind == Kind::refused;
      done(NotRecorded{refused, refused ? answer.why : "the line was not written"});
    });
  }
  newest_seq_ = std::max(newest_seq_, journal_.newest_seq());
  if (spoken_of(*line) > newest_seq_) {
    return done(NotRecorded{
        true, "the ledger ends with line " + std::to_string(newest_seq_) + "; nobody saw more"});
  }
  journal_.append({std::move(*line)}, [done = std::move(done)](const Records* records) {
    if (records == nullptr) return done(NotRecorded{false, "the line was not written"});
    done(records->back().ledger_id());
  });
}

}  // namespace smokeledger::daemon
