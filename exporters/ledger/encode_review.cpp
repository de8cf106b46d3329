// What people said, and what waits for them.
#include "exporters/ledger/encode.h"

namespace smokeledger::exporters::ledger {

using core::JsonWriter;
using core::word;

void write_review_fields(JsonWriter& json, const core::Review& review) {
  json.key("first_seq").integer(review.first_seq);
  json.key("last_seq").integer(review.last_seq);
  json.key("operator_decision").string(word(review.decision));
  json.key("reclassified").string(review.planned_maintenance ? core::planned_maintenance : "");
  json.key("operator_initials").string(review.initials);
  if (review.caller_uid) json.key("caller_uid").integer(*review.caller_uid);
  json.key("follow_up_owner").string(review.follow_up_owner);
  json.key("operator_notes").string(review.note);
  json.key("evidence_links").strings(review.links);
}

void write_decision_fields(JsonWriter& json, const core::HumanDecision& decision) {
  json.key("about").string(word(decision.about));
  json.key("environment").string(decision.environment);
  json.key("endpoint_family").string(word(decision.family));
  json.key("request_id").string(decision.request_id);
  json.key("prompt_class").string("not_recorded");
  json.key("status_class").string(word(decision.status_class));
  json.key("retry_attempts");
  decision.retry_attempts ? json.integer(*decision.retry_attempts) : json.string("unknown");
  json.key("fallback_decision").string(word(decision.decision));
  json.key("caller_received").string(word(decision.caller_received));
  if (decision.cited_seq) json.key("cited_seq").integer(*decision.cited_seq);
  json.key("operator_initials").string(decision.initials);
  if (decision.caller_uid) json.key("caller_uid").integer(*decision.caller_uid);
  json.key("follow_up_owner").string(decision.follow_up_owner);
  json.key("operator_notes").string(decision.note);
  json.key("evidence_links").strings(decision.evidence_links);
}

void write_waiting_fields(JsonWriter& json, const core::CarryReviewsLine& line) {
  json.key("waiting").begin_array();
  for (const auto& [seq, waiting] : line.waiting) {
    json.begin_object().key("seq").integer(seq);
    json.key("probe").string(waiting.probe);
    json.key("recorded_at").string(core::format_utc(waiting.recorded_at));
    json.key("reason").string(word(waiting.reason));
    json.key("decision");
    waiting.decision ? json.string(word(*waiting.decision)) : json.null();
    json.end_object();
  }
  json.end_array();
  if (!line.left_out) return;
  json.key("left_out").begin_object().key("count").integer(line.left_out->count);
  json.key("first_seq").integer(line.left_out->first_seq);
  json.key("last_seq").integer(line.left_out->last_seq).end_object();
}

}  // namespace smokeledger::exporters::ledger
