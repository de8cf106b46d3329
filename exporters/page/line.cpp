#include "exporters/page/compose.h"
#include "exporters/page/layout.h"
#include "exporters/page/packet_line.h"

namespace smokeledger::exporters::page {
namespace {

template <core::Worded E>
Markup word_of(E value) {
  return text(core::word(value));
}

std::string number_or_unknown(const std::optional<std::uint32_t>& number) {
  return number ? std::to_string(*number) : "unknown";
}

std::string uid(const std::optional<std::uint32_t>& of) {
  return of ? std::to_string(*of) : std::string();
}

// The unit is in the name of the member.
std::string milliseconds(core::Milliseconds wait) {
  return std::to_string(wait.count());
}

Markup section(std::string_view title, const Markup& inside) {
  return element("section", element("h2", title) + inside) + Markup("\n");
}

// Where nothing is said of the review, it is not known yet.
Markup decided(const core::Outcome& outcome, const LineView& view) {
  Facts facts;
  facts.add("fallback_decision", decision(outcome.decision));
  facts.add("check_result", check_result(outcome.check_result));
  facts.add("rule", code(outcome.rule));
  if (outcome.gap != core::Gap::none) facts.add("gap", word_of(outcome.gap));
  facts.add_list("pressure", outcome.pressure);
  facts.add_list("unresolved", outcome.unresolved);
  if (!view.reviews.empty()) {
    const core::Review& review = view.reviews.front().review;
    const bool other = !review.follow_up_owner.empty();
    facts.add("follow_up_owner", other ? review.follow_up_owner : outcome.follow_up_owner);
    facts.add("operator_decision", check_result(review.decision));
    facts.add("operator_initials", review.initials);
    if (review.planned_maintenance) facts.add("reclassified", core::planned_maintenance);
  } else {
    facts.add("follow_up_owner", outcome.follow_up_owner);
    facts.add("operator_decision", view.reviews_known ? "unreviewed" : "not read yet");
  }
  facts.add("caller_received", word_of(outcome.caller_received));
  facts.add("fallback_taken", word_of(outcome.fallback_taken));
  facts.add("fallback_route", outcome.fallback_route);
  if (outcome.fallback_layer) facts.add("fallback_layer", word_of(*outcome.fallback_layer));
  return facts.list();
}

Markup retries(const core::Outcome& outcome) {
  Facts facts;
  facts.add("retry_count", std::to_string(outcome.retry_count));
  facts.add("attempt_budget", std::to_string(outcome.attempt_budget));
  facts.add("within_budget", word_of(outcome.within_budget));
  facts.add("arrivals", outcome.arrivals ? std::to_string(*outcome.arrivals) : "unknown");
  std::string gaps;
  for (const auto gap : outcome.arrival_gaps)
    gaps += (gaps.empty() ? "" : ", ") + milliseconds(gap);
  facts.add("arrival_gaps_ms", gaps);
  facts.add("backoff_policy_seen", word_of(outcome.backoff_policy_seen));
  facts.add("jitter_seen", word_of(outcome.jitter_seen));
  facts.add("observed_layer", word_of(outcome.observed_layer));
  return facts.list();
}

Markup run(const core::Outcome& outcome) {
  Facts facts;
  facts.add("check_id", code(outcome.check_id));
  facts.add("probe", link(Link::ours("/", {{"probe", outcome.probe}}), {}, text(outcome.probe)));
  facts.add("mode", word_of(outcome.mode));
  facts.add("trigger", word_of(outcome.trigger));
  facts.add("caller_uid", uid(outcome.caller_uid));
  facts.add("endpoint_family", word_of(outcome.family));
  facts.add("provider", outcome.provider);
  facts.add("status_class", word_of(outcome.status_class));
  facts.add("failure_class", word_of(outcome.failure_class));
  facts.add("reason", word_of(outcome.reason));
  facts.add("environment", outcome.environment);
  facts.add("build", outcome.build);
  facts.add("policy_sha256", code(outcome.policy_sha256));
  facts.add("config_sha256", code(outcome.config_sha256));
  return facts.list();
}

Markup findings(const core::Attempt& attempt) {
  Markup items;
  for (const core::Finding& finding : attempt.findings) {
    items += element("li", code(core::word(finding.code)) + text(" at ") + code(finding.path));
  }
  if (attempt.findings_left_out > 0) {
    items += element("li", std::to_string(attempt.findings_left_out) + " more");
  }
  return items.empty() ? items : element("ul", items);
}

Markup evidence(const core::Attempt& attempt) {
  Facts facts;
  facts.add("request_contract_version", code(attempt.contract_version));
  facts.add("request_id", code(attempt.request_id));
  if (!attempt.provider_request_id.empty()) {
    facts.add("provider_request_id", code(attempt.provider_request_id));
  }
  facts.add("sent_at", time(attempt.sent_at));
  facts.add("response_object_family", word_of(attempt.object_family));
  facts.add("served_model_match", word_of(attempt.served_model_match));
  facts.add("gateway_retries", number_or_unknown(attempt.gateway_retries));
  facts.add("gateway_fallbacks", number_or_unknown(attempt.gateway_fallbacks));
  if (attempt.additive > 0) facts.add("additive", std::to_string(attempt.additive));
  if (attempt.tokens) {
    facts.add("tokens_reported",
              "input " + std::to_string(attempt.tokens->input) + ", output " +
                  std::to_string(attempt.tokens->output));
  }
  return facts.list();
}

Markup attempts(const core::Outcome& outcome) {
  if (outcome.attempts.empty()) return element("p", "Nothing was sent.");
  std::vector<std::vector<Markup>> rows;
  for (std::size_t i = 0; i < outcome.attempts.size(); ++i) {
    const core::Attempt& attempt = outcome.attempts[i];
    rows.push_back(
        {text(std::to_string(i + 1) + ". " + attempt.route) + Markup(" ") +
             element("span",
                     {{"class", "aside"}},
                     text(std::string(core::word(attempt.family)) + ", " + attempt.provider)),
         text(milliseconds(attempt.planned_wait)),
         text(attempt.http_status ? std::to_string(*attempt.http_status)
                                  : std::string(core::word(attempt.status_class))),
         text(std::string(core::word(attempt.failure_class)) + ", " +
              std::string(core::word(attempt.reason))),
         word_of(attempt.parser_result),
         word_of(attempt.retry_after),
         findings(attempt),
         evidence(attempt)});
  }
  return table(text("In the order in which they were sent. planned_wait_ms is what our own client "
                    "waited before each, by its policy."),
               {{"Attempt"},
                {"planned_wait_ms", "number"},
                {"http_status"},
                {"failure_class, reason"},
                {"parser_result"},
                {"retry_after"},
                {"Findings"},
                {"Evidence", "long"}},
               rows);
}

Markup links(const std::vector<std::string>& urls) {
  Markup items;
  for (const std::string& url : urls) items += element("li", outside(url));
  return items.empty() ? element("p", "The line has none.") : element("ul", items);
}

Markup outcome_sections(const core::Outcome& outcome, const LineView& view) {
  const Markup lead = decision(outcome.decision) + Markup(" ") +
                      check_result(outcome.check_result) + text(": " + outcome.because);
  return element("p", {{"class", "lead"}}, lead) +
         section("What was decided", decided(outcome, view)) +
         section("Attempts", attempts(outcome)) + section("Retries", retries(outcome)) +
         section("Evidence links", links(outcome.evidence_links)) +
         section("The run", run(outcome));
}

Markup attempt_section(const core::AttemptLine& line) {
  Facts facts;
  facts.add("check_id", code(line.check_id));
  facts.add("probe", link(Link::ours("/", {{"probe", line.probe}}), {}, text(line.probe)));
  facts.add("mode", word_of(line.mode));
  facts.add("trigger", word_of(line.trigger));
  facts.add("number", std::to_string(line.number));
  facts.add("route", line.route);
  facts.add("endpoint_family", word_of(line.family));
  facts.add("provider", line.provider);
  facts.add("request_contract_version", code(line.contract_version));
  facts.add("request_id", code(line.request_id));
  facts.add("planned_wait_ms", milliseconds(line.planned_wait));
  facts.add("sent_at", time(line.stamp.wall));
  facts.add("method", code(line.method));
  facts.add("path", code(line.path));
  facts.add("auth_scheme", code(line.auth_scheme));
  facts.add_list("request_members", line.request_members);
  facts.add("output_tokens_at_most", std::to_string(line.output_tokens_at_most));
  facts.add("caller_uid", uid(line.caller_uid));
  facts.add("environment", line.environment);
  facts.add("policy_sha256", code(line.policy_sha256));
  facts.add("config_sha256", code(line.config_sha256));
  return section("About to be sent",
                 element("p", "Durable before the request left. Names, no values.") + facts.list());
}

Markup reviews(const std::vector<ReviewView>& all) {
  std::vector<std::vector<Markup>> rows;
  for (const ReviewView& view : all) {
    const core::Review& review = view.review;
    const std::string lines =
        review.first_seq == review.last_seq
            ? "this one"
            : std::to_string(review.first_seq) + " to " + std::to_string(review.last_seq);
    rows.push_back(
        {link(line_link(view.ledger_id), {}, time(view.recorded_at)),
         check_result(review.decision) +
             text(review.planned_maintenance ? " " + std::string(core::planned_maintenance) : ""),
         text(review.initials),
         text(uid(review.caller_uid)),
         text(review.follow_up_owner),
         text(lines),
         links(review.links),
         text(review.note)});
  }
  return table(text("The newest first: it counts. User: the number that the kernel told."),
               {{"Recorded"},
                {"Decision"},
                {"Initials"},
                {"User", "number"},
                {"Owner"},
                {"Lines"},
                {"Links"},
                {"Note"}},
               rows);
}

Markup chain(const LineView& view) {
  Facts facts;
  facts.add("ledger_id", code(view.ledger_id));
  facts.add("kind", code(view.kind));
  facts.add("seq", std::to_string(view.seq));
  facts.add("recorded_at", time(view.recorded_at));
  facts.add("prev", code(view.prev));
  facts.add("hash", code(view.hash));
  facts.add("segment", code(view.segment));
  Markup neighbours;
  const std::string name = view.site.ledger + '-';
  if (view.seq > 0) {
    neighbours +=
        link(line_link(name + std::to_string(view.seq - 1)), {}, text("Line before")) + Markup(" ");
  }
  if (!view.newest) {
    neighbours += link(line_link(name + std::to_string(view.seq + 1)), {}, text("Line after"));
  }
  return element(
             "p",
             "The hash matches the bytes of this line. Whether the chain around it holds was not "
             "checked for this page.") +
         facts.list() + element("p", neighbours);
}

}  // namespace

std::string compose(const LineView& view) {
  Markup main;
  if (const auto* line = std::get_if<core::OutcomeLine>(&view.line)) {
    main += outcome_sections(line->outcome, view);
  } else if (const auto* attempt = std::get_if<core::AttemptLine>(&view.line)) {
    main += attempt_section(*attempt);
  } else if (const auto* packet = std::get_if<core::PacketLine>(&view.line)) {
    main += packet_section(*packet, view);
  }
  if (!view.reviews.empty()) main += section("Reviews", reviews(view.reviews));
  main += section("Chain position", chain(view));
  main += section("The line as it stands", element("pre", code(view.bytes)));
  return document(view.site, "Line " + view.ledger_id + ": " + view.kind, main);
}

std::string compose(const Refusal& refusal) {
  return document(refusal.site,
                  refusal.title,
                  element("p", refusal.sentence) +
                      element("p", link(Link::ours("/"), {}, text("All decisions"))));
}

}  // namespace smokeledger::exporters::page
