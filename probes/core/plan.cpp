#include "probes/core/plan.h"

#include <cmath>

#include "probes/core/json_writer.h"

namespace smokeledger::probes::core {
namespace {

// Fractions are written as whole thousandths: a ledger line holds no floating point.
std::int64_t thousandths(double value) {
  return std::llround(value * 1000);
}

void write_route(JsonWriter& out, const Route& route) {
  out.begin_object().key("route").string(route.name);
  out.key("endpoint_family").string(word(route.contract->family));
  out.key("provider").string(route.provider->name);
  out.key("base_url").string(route.provider->base_url);
  out.key("retry_tokens");
  const auto& tokens = route.provider->retry_tokens;
  tokens ? out.integer(*tokens) : out.null();
  out.key("auth_scheme").string(word(route.provider->auth));
  out.key("gateway").string(word(route.provider->gateway));
  out.key("request_id_header").string(route.provider->request_id_header);
  out.key("request_id_suffix").string(route.provider->request_id_suffix);
  out.key("model").string(route.model).key("stream").boolean(route.stream);
  out.key("model_verified_on").string(route.model_verified_on);
  out.key("model_link").string(route.model_link);
  out.key("request_contract_version").string(route.contract->version);
  out.end_object();
}

void write_retry(JsonWriter& out, const RetryPolicy& retry) {
  out.begin_object();
  out.key("attempts_per_route").integer(retry.attempts_per_route);
  out.key("attempt_budget").integer(retry.attempt_budget);
  out.key("jitter").string(word(retry.jitter));
  out.key("base_ms").integer(retry.base.count());
  out.key("multiplier_thousandths").integer(thousandths(retry.multiplier));
  out.key("cap_ms").integer(retry.cap.count());
  out.key("retry_after_cap_ms").integer(retry.retry_after_cap.count());
  out.key("attempt_timeout_ms").integer(retry.attempt_timeout.count());
  out.key("deadline_ms").integer(retry.deadline.count());
  out.key("on").begin_object();
  for (const ClassRow& row : class_rows()) {
    if (row.reason != Reason::none)
      out.key(word(row.reason)).string(word(after(retry.after, row.reason)));
  }
  out.end_object();
  out.key("pressure_after").integer(retry.pressure_after);
  out.end_object();
}

void write_window(JsonWriter& out, const QuietWindow& window) {
  out.begin_object().key("window").string(window.name);
  out.key("time_zone").string(window.time_zone).key("days").begin_array();
  for (const Weekday day : every<Weekday>()) {
    if (window.days[static_cast<std::size_t>(day)]) out.string(word(day));
  }
  out.end_array().key("from_minute").integer(window.from.count());
  out.key("to_minute").integer(window.to.count()).end_object();
}

void write_schedule(JsonWriter& out, const Schedule& schedule) {
  out.begin_object();
  out.key("interval_ms").integer(schedule.interval.count());
  out.key("jitter_thousandths").integer(thousandths(schedule.jitter));
  out.key("minimum_interval_ms").integer(schedule.minimum_interval.count());
  out.key("backoff_cap_ms").integer(schedule.backoff_cap.count());
  out.key("confirm_after_ms").integer(schedule.confirm_after.count());
  out.key("calls_per_day").integer(schedule.calls_per_day);
  out.key("output_tokens_per_day").integer(schedule.output_tokens_per_day);
  out.key("quiet").begin_array();
  for (const QuietWindow& window : schedule.quiet) write_window(out, window);
  out.end_array();
  out.end_object();
}

}  // namespace

std::string policy_text(const ProbePlan& plan) {
  JsonWriter out;
  out.begin_object().key("probe").string(plan.name).key("mode").string(word(plan.mode));
  out.key("expect").string(word(plan.expect)).key("owner").string(plan.owner);
  out.key("require_evidence").begin_array();
  for (const Evidence fact : plan.require_evidence) out.string(word(fact));
  out.end_array().key("routes").begin_array();
  for (const auto& route : plan.routes) write_route(out, *route);
  out.end_array().key("retry");
  write_retry(out, plan.retry);
  out.key("schedule");
  write_schedule(out, plan.schedule);
  // Only an age that pauses decides anything; one that is merely named changes no policy.
  out.key("pause_when_contract_review_older_than_ms");
  plan.contract_review.pause ? out.integer(plan.contract_review.max_age.count()) : out.null();
  out.end_object();
  return out.take();
}

}  // namespace smokeledger::probes::core
