// What people said, and what waits for them.
#include <utility>

#include "exporters/ledger/decode.h"

namespace smokeledger::exporters::ledger {
namespace {

struct WaitingLine {
  std::uint64_t seq = 0;
  core::Waiting waiting;
};

WaitingLine read_one(JsonReader& json) {
  WaitingLine one;
  one.seq = json.integer<std::uint64_t>("seq");
  one.waiting.probe = json.text("probe");
  one.waiting.recorded_at = json.utc("recorded_at");
  one.waiting.reason = json.choice<core::ReviewReason>("reason");
  one.waiting.decision = json.optional_choice<core::Decision>("decision");
  return one;
}

core::LeftOut read_left_out(JsonReader& json) {
  core::LeftOut left_out;
  left_out.count = json.integer<std::uint64_t>("count");
  left_out.first_seq = json.integer<std::uint64_t>("first_seq");
  left_out.last_seq = json.integer<std::uint64_t>("last_seq");
  return left_out;
}

}  // namespace

core::Review read_review_fields(JsonReader& json) {
  core::Review review;
  review.first_seq = json.integer<std::uint64_t>("first_seq");
  review.last_seq = json.integer<std::uint64_t>("last_seq");
  review.decision = json.choice<core::CheckResult>("operator_decision");
  const std::string reclassified = json.text("reclassified");
  review.planned_maintenance = reclassified == core::planned_maintenance;
  if (!review.planned_maintenance && !reclassified.empty()) json.fail("reclassified");
  review.initials = json.text("operator_initials");
  review.caller_uid = json.integer_if_there<std::uint32_t>("caller_uid");
  review.follow_up_owner = json.text("follow_up_owner");
  review.note = json.text("operator_notes");
  review.links = json.texts("evidence_links");
  return review;
}

core::HumanDecision read_decision_fields(JsonReader& json) {
  core::HumanDecision decision;
  decision.about = json.choice<core::DecisionAbout>("about");
  decision.environment = json.text("environment");
  decision.family = json.choice<core::EndpointFamily>("endpoint_family");
  decision.request_id = json.text("request_id");
  decision.status_class = json.choice<core::SeenStatus>("status_class");
  decision.retry_attempts = json.integer_or_unknown<std::uint32_t>("retry_attempts");
  decision.decision = json.choice<core::Decision>("fallback_decision");
  if (const auto received = json.text_if_there("caller_received")) {
    const auto known = core::from_word<core::CallerReceived>(*received);
    if (!known) json.fail("caller_received");
    decision.caller_received = known.value_or(core::CallerReceived::unknown);
  }
  decision.cited_seq = json.integer_if_there<std::uint64_t>("cited_seq");
  decision.initials = json.text("operator_initials");
  decision.caller_uid = json.integer_if_there<std::uint32_t>("caller_uid");
  decision.follow_up_owner = json.text("follow_up_owner");
  decision.note = json.text("operator_notes");
  decision.evidence_links = json.texts("evidence_links");
  return decision;
}

core::CarryReviewsLine read_waiting_fields(JsonReader& json) {
  core::CarryReviewsLine line;
  for (auto& one : json.objects("waiting", read_one)) {
    line.waiting.emplace(one.seq, std::move(one.waiting));
  }
  line.left_out = json.object_if_there("left_out", read_left_out);
  return line;
}

}  // namespace smokeledger::exporters::ledger
