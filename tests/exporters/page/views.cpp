#include "tests/exporters/page/views.h"

#include "tests/support/ledger_fixtures.h"

namespace smokeledger::tests {
namespace {

using page::Day;

void change_all(const Change& change, std::initializer_list<std::string*> texts) {
  if (!change) return;
  for (std::string* text : texts) change(*text);
}

void change_list(const Change& change, std::vector<std::string>& texts) {
  if (!change) return;
  for (std::string& text : texts) change(text);
}

page::Site site(const Change& change) {
  page::Site made{"staging", "staging-0a1b2c3d", "smokeledger 0.1.0", at("2026-11-21T12:00:00Z")};
  change_all(change, {&made.environment, &made.ledger, &made.build});
  return made;
}

page::PastDecision past(std::uint64_t seq,
                        std::string_view when,
                        core::Decision decision,
                        core::CheckResult result) {
  return {seq, at(when), decision, result};
}

std::vector<page::ProbeView> probes(const Change& change) {
  using core::CheckResult;
  using core::Decision;
  page::ProbeView walk;
  walk.name = "chat-walk";
  walk.mode = core::Mode::walk;
  walk.owner = "platform-oncall";
  walk.families = {core::EndpointFamily::chat_completions, core::EndpointFamily::responses};
  walk.newest = {
      past(57, "2026-11-21T11:42:10Z", Decision::escalate, CheckResult::fail),
      past(50, "2026-11-21T11:10:09Z", Decision::use_fallback, CheckResult::investigate),
      past(44, "2026-11-21T10:38:00Z", Decision::retry_primary, CheckResult::pass),
      past(40, "2026-11-20T08:00:00Z", Decision::keep_primary, CheckResult::pass),
  };
  walk.next_due = at("2026-11-21T12:13:30Z");
  walk.facts = {"contract_review_overdue:responses", "environment_mismatch:model:chat-primary"};
  page::ProbeView keyless;
  keyless.name = "responses-direct";
  keyless.owner = "platform-oncall";
  keyless.families = {core::EndpointFamily::responses};
  keyless.newest = {past(52, "2026-11-21T11:20:00Z", Decision::paused, CheckResult::investigate)};
  keyless.gap = core::Gap::credential;
  keyless.facts = {"credential_missing:comet"};
  page::ProbeView drill;
  drill.name = "drill-sdk";
  drill.mode = core::Mode::drill;
  drill.owner = "sdk-team";
  drill.families = {core::EndpointFamily::chat_completions};
  drill.by_hand = true;
  std::vector<page::ProbeView> all{walk, keyless, drill};
  for (auto& probe : all) {
    change_all(change, {&probe.name, &probe.owner});
    change_list(change, probe.facts);
  }
  return all;
}

std::vector<page::ContractView> contracts(const Change& change) {
  std::vector<page::ContractView> all{{core::EndpointFamily::chat_completions,
                                       "chat_completions/2026-07-03+0123456789ab",
                                       "2026-07-04",
                                       at("2026-11-09T09:15:00Z"),
                                       12,
                                       false,
                                       "https://apidoc.cometapi.com/",
                                       "https://apidoc.cometapi.com/support/help-center"},
                                      {core::EndpointFamily::responses,
                                       "responses/2026-07-03+ba9876543210",
                                       "2026-05-01",
                                       at("2026-05-01T00:00:00Z"),
                                       204,
                                       true,
                                       "https://apidoc.cometapi.com/",
                                       "https://apidoc.cometapi.com/support/help-center"}};
  for (auto& one : all) {
    change_all(change, {&one.version, &one.accessed, &one.docs_home, &one.support});
  }
  return all;
}

std::vector<std::pair<Day, page::Counts>> days() {
  std::vector<std::pair<Day, page::Counts>> all;
  const Day today = std::chrono::floor<std::chrono::days>(at("2026-11-21T12:00:00Z"));
  for (std::uint32_t i = 0; i < page::days_kept; ++i) {
    page::Counts counts;
    if (i > 20)
      counts = {{40 + i, i % 4, i % 3, i == 29 ? 2U : 0U, i == 25 ? 7U : 0U}, i % 5, i % 3};
    const auto back =
        std::chrono::days(static_cast<int>(page::days_kept) - 1 - static_cast<int>(i));
    all.emplace_back(today - back, counts);
  }
  return all;
}

std::vector<page::OutcomeRow> outcomes(const Change& change) {
  page::OutcomeRow escalated{"staging-0a1b2c3d-57",
                             57,
                             at("2026-11-21T11:42:10Z"),
                             "chat-walk",
                             core::EndpointFamily::responses,
                             "comet",
                             core::Decision::escalate,
                             core::CheckResult::fail,
                             core::StatusClass::s5xx,
                             core::Reason::overloaded,
                             2,
                             "",
                             "budget_exhausted",
                             "fail by AB"};
  page::OutcomeRow fell_back{"staging-0a1b2c3d-50",
                             50,
                             at("2026-11-21T11:10:09Z"),
                             "chat-walk",
                             core::EndpointFamily::responses,
                             "comet",
                             core::Decision::use_fallback,
                             core::CheckResult::investigate,
                             core::StatusClass::s2xx,
                             core::Reason::none,
                             1,
                             "responses-fallback",
                             "fallback_usable",
                             ""};
  std::vector<page::OutcomeRow> all{escalated, fell_back};
  for (auto& row : all) {
    change_all(change, {&row.ledger_id, &row.probe, &row.provider, &row.rule});
  }
  change_all(change, {&all.back().fallback_route, &all.front().review});
  return all;
}

std::vector<page::Waiting> waiting(const Change& change, const std::string& what) {
  page::Waiting line{
      "staging-0a1b2c3d-57", at("2026-11-21T11:42:10Z"), "chat-walk", what, "platform-oncall"};
  change_all(change, {&line.ledger_id, &line.about, &line.what, &line.owner});
  return {line};
}

page::LineView line_page(const Change& change, std::string kind) {
  page::LineView view;
  view.site = site(change);
  view.ledger_id = "staging-0a1b2c3d-57";
  view.kind = std::move(kind);
  view.seq = 57;
  view.recorded_at = at("2026-11-21T11:42:10Z");
  view.prev = std::string(64, '1');
  view.hash = std::string(64, '2');
  view.segment = "ledger-00000000000000000000-0011223344556677.jsonl";
  view.bytes = R"({"v":1,"seq":57,"note":"\u003cscript>"})";
  change_all(change, {&view.ledger_id, &view.kind, &view.prev, &view.hash});
  change_all(change, {&view.segment, &view.bytes});
  return view;
}

}  // namespace

page::Overview sample_overview(const Change& change) {
  page::Overview view;
  view.site = site(change);
  view.filter.family = core::EndpointFamily::responses;
  view.filter.from = page::Moment{"-24h", at("2026-11-20T12:00:00Z")};
  view.every_probe = {"chat-walk", "drill-sdk", "responses-direct"};
  if (change) {
    change(view.filter.from->text);
    for (auto& name : view.every_probe) change(name);
  }
  view.probes = probes(change);
  view.probes_left_out = 3;
  view.contracts = contracts(change);
  view.needs_review = waiting(change, "A fallback was taken.");
  view.needs_review_more = 2;
  view.open_packets_more = 3;
  view.open_packets = waiting(change, "Opened by the first escalate.");
  view.days = days();
  view.counted_from = at("2026-11-02T06:00:00Z");
  view.not_counted = "a segment is damaged";
  change_all(change, {&view.not_counted});
  view.outcomes = outcomes(change);
  view.more = true;
  view.out_of_time = true;
  return view;
}

page::LineView outcome_page(const Change& change) {
  page::LineView view = line_page(change, "outcome");
  core::Outcome outcome = sample_outcome();
  if (change) {
    for (auto* text : {&outcome.check_id,
                       &outcome.probe,
                       &outcome.policy_sha256,
                       &outcome.config_sha256,
                       &outcome.environment,
                       &outcome.build,
                       &outcome.provider,
                       &outcome.fallback_route,
                       &outcome.rule,
                       &outcome.because,
                       &outcome.follow_up_owner}) {
      change(*text);
    }
    for (auto* list : {&outcome.pressure, &outcome.evidence_links, &outcome.unresolved}) {
      change_list(change, *list);
    }
    for (auto& attempt : outcome.attempts) {
      change_all(
          change,
          {&attempt.route, &attempt.provider, &attempt.contract_version, &attempt.request_id});
      if (!attempt.provider_request_id.empty()) change(attempt.provider_request_id);
      for (auto& finding : attempt.findings) change(finding.path);
    }
  }
  view.line = core::OutcomeLine{std::move(outcome)};
  page::ReviewView review{"staging-0a1b2c3d-60",
                          at("2026-11-21T11:55:00Z"),
                          {50,
                           60,
                           core::CheckResult::investigate,
                           true,
                           "AB",
                           1000,
                           "platform-oncall",
                           "Retry after 2 s by our policy; asked the provider.",
                           {"https://apidoc.cometapi.com/errors/error-codes-handling"}}};
  auto& said = review.review;
  change_all(change, {&review.ledger_id, &said.initials, &said.follow_up_owner, &said.note});
  change_list(change, said.links);
  view.reviews = {review};
  return view;
}

page::LineView attempt_page(const Change& change) {
  page::LineView view = line_page(change, "attempt");
  core::AttemptLine line = sample_attempt_line();
  if (change) {
    for (auto* text : {&line.check_id,
                       &line.probe,
                       &line.policy_sha256,
                       &line.config_sha256,
                       &line.environment,
                       &line.route,
                       &line.provider,
                       &line.contract_version,
                       &line.request_id,
                       &line.method,
                       &line.path,
                       &line.auth_scheme}) {
      change(*text);
    }
    change_list(change, line.request_members);
  }
  view.line = std::move(line);
  return view;
}

page::LineView packet_page(const Change& change) {
  page::LineView view = line_page(change, "packet");
  core::PacketLine line = sample_packet();
  if (change) {
    for (auto* text : {&line.environment,
                       &line.probe,
                       &line.initials,
                       &line.note,
                       &line.follow_up_owner,
                       &line.result,
                       &line.changed,
                       &line.remaining_uncertainty,
                       &line.alert->group_key,
                       &line.alert->summary}) {
      change(*text);
    }
    for (auto& [name, value] : line.alert->labels) change(value);
  }
  view.line = std::move(line);
  return view;
}

page::LineView plain_page(const Change& change) {
  page::LineView view = line_page(change, "config");
  view.line = core::ConfigLine{};
  view.newest = true;
  return view;
}

page::Refusal sample_refusal(const Change& change) {
  page::Refusal view{site(change),
                     400,
                     "This filter cannot be used",
                     "'decision' is '<b>'; write one of keep_primary."};
  change_all(change, {&view.title, &view.sentence});
  return view;
}

}  // namespace smokeledger::tests
