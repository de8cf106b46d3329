#include "tests/exporters/metrics/samples.h"

#include <stdlib.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include <gtest/gtest.h>

namespace smokeledger::exporters::metrics {
namespace {

namespace fs = std::filesystem;

core::Attempt attempt(const std::string& route, core::EndpointFamily family, std::string provider) {
  core::Attempt attempt;
  attempt.route = route;
  attempt.family = family;
  attempt.provider = std::move(provider);
  attempt.contract_version = std::string(core::word(family)) + "/2026-07-03+0123456789ab";
  attempt.request_id = "req-1";
  attempt.http_status = 429;
  attempt.status_class = core::StatusClass::s4xx;
  attempt.failure_class = core::FailureClass::retryable;
  attempt.reason = core::Reason::throttled;
  return attempt;
}

core::Outcome outcome() {
  core::Outcome outcome;
  outcome.check_id = "chat-walk-20261121-001";
  outcome.probe = "chat-walk";
  outcome.mode = core::Mode::walk;
  outcome.family = core::EndpointFamily::chat_completions;
  outcome.provider = "cometapi";
  outcome.rule = "any";
  outcome.because = "because";
  outcome.environment = "staging";
  outcome.build = "0.1.0";
  outcome.policy_sha256 = std::string(64, 'a');
  outcome.config_sha256 = std::string(64, 'b');
  outcome.follow_up_owner = "platform";
  return outcome;
}

}  // namespace

MetricsShape small_shape() {
  MetricsShape shape;
  shape.probes = {"chat-walk", "drill-walk"};
  shape.drills = {"drill-walk"};
  shape.family_providers = {{"chat_completions", "cometapi"}, {"responses", "openai"}};
  shape.providers = {"cometapi", "openai"};
  shape.behind_gateways = {{"chat_completions", "cometapi"}};
  return shape;
}

core::OutcomeLine fallback_outcome() {
  core::Outcome made = outcome();
  const auto throttled =
      attempt("chat-primary", core::EndpointFamily::chat_completions, "cometapi");
  core::Attempt usable = attempt("fallback", core::EndpointFamily::responses, "openai");
  usable.http_status = 200;
  usable.status_class = core::StatusClass::s2xx;
  usable.failure_class = core::FailureClass::none;
  usable.reason = core::Reason::none;
  usable.parser_result = core::ParserResult::accepted;
  usable.tokens = core::Tokens{12, 5};
  made.attempts = {throttled, throttled, usable};
  made.family = usable.family;
  made.provider = usable.provider;
  made.status_class = usable.status_class;
  made.retry_count = 1;
  made.attempt_budget = 4;
  made.fallback_taken = core::Tristate::yes;
  made.fallback_route = usable.route;
  made.caller_received = core::CallerReceived::usable_response;
  made.decision = core::Decision::use_fallback;
  return {made};
}

core::OutcomeLine paused_outcome(core::Gap gap) {
  core::Outcome made = outcome();
  made.decision = core::Decision::paused;
  made.gap = gap;
  return {made};
}

core::AttemptLine attempt_line() {
  core::AttemptLine line;
  line.check_id = "chat-walk-20261121-001";
  line.probe = "chat-walk";
  line.mode = core::Mode::walk;
  line.policy_sha256 = std::string(64, 'a');
  line.config_sha256 = std::string(64, 'b');
  line.environment = "staging";
  line.route = "chat-primary";
  line.family = core::EndpointFamily::chat_completions;
  line.provider = "cometapi";
  line.contract_version = "chat_completions/2026-07-03+0123456789ab";
  line.request_id = "req-1";
  line.method = "POST";
  line.path = "/v1/chat/completions";
  line.auth_scheme = "bearer";
  line.request_members = {"model", "messages"};
  return line;
}

TemporaryLedger::TemporaryLedger() {
  char name[] = "/tmp/smokeledger-metrics-XXXXXX";
  dir_ = ::mkdtemp(name);
  auto opened =
      ledger::Ledger::open({.dir = dir_ / "ledger", .name = "test", .build = "0.1.0", .now = {}});
  if (!opened) throw std::runtime_error(opened.error().message);
  ledger_ = std::move(*opened);
}

TemporaryLedger::~TemporaryLedger() {
  ledger_.reset();
  fs::remove_all(dir_);
}

std::vector<ledger::LedgerRecord> TemporaryLedger::append(const std::vector<core::Line>& lines,
                                                          core::WallTime now) {
  auto records = ledger_->append(lines, now);
  if (records) return std::move(*records);
  ADD_FAILURE() << records.error().message;
  return {};
}

Samples samples_of(const std::string& text) {
  Samples samples;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('#')) continue;
    line.resize(std::min(line.find(" # {"), line.size()));  // an exemplar
    const auto space = line.rfind(' ');
    const bool fresh =
        samples.emplace(line.substr(0, space), std::stod(line.substr(space + 1))).second;
    EXPECT_TRUE(fresh) << "twice in one scrape: " << line;
  }
  return samples;
}

std::string sample_name(const core::CounterKey& key) {
  const core::CounterInfo& row = core::info(key.counter);
  std::map<std::string_view, std::string> sorted;
  for (std::size_t i = 0; i < row.label_count(); ++i) sorted[row.labels[i]] = key.labels[i];
  std::string name(core::word(key.counter));
  const char* before = "{";
  for (const auto& [label, value] : sorted) {
    name.append(before).append(label).append("=\"").append(value).append("\"");
    before = ",";
  }
  return name + "}";
}

}  // namespace smokeledger::exporters::metrics
