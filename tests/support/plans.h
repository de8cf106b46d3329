// Plans, contracts and replies in the domain's words, for tests of the core and the interpreter.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "probes/core/attempt.h"
#include "probes/core/plan.h"
#include "probes/core/retry.h"

namespace smokeledger::tests {

namespace core = probes::core;

inline std::shared_ptr<const core::Contract> chat_contract() {
  auto contract = std::make_shared<core::Contract>();
  contract->family = core::EndpointFamily::chat_completions;
  contract->version = "chat_completions/2026-07-03+0123456789ab";
  contract->accessed = "2026-07-04";
  contract->request.path = "/v1/chat/completions";
  contract->request.body = R"({"model":"{model}","messages":[]})";
  contract->request.members = {"model", "messages"};
  using core::JsonType;
  contract->rules = {
      {.path = "object", .types = {JsonType::string}, .values = {"chat.completion"}},
      {.path = "choices", .types = {JsonType::array}, .min_items = 1},
      {.path = "choices[].message", .types = {JsonType::object}},
      {.path = "choices[].message.content",
       .types = {JsonType::string, JsonType::null},
       .required = false},
      {.path = "choices[].finish_reason",
       .types = {JsonType::string},
       .values = {"stop", "length", "tool_calls", "content_filter", "function_call"}},
  };
  contract->error_rules = {{.path = "error", .types = {JsonType::object}},
                           {.path = "error.message", .types = {JsonType::string}}};
  contract->status_overrides = {{500, "invalid_request", "bad_request"}};
  contract->object_path = "object";
  contract->object_value = "chat.completion";
  contract->facts.served_model = "model";
  contract->facts.input_tokens = "usage.prompt_tokens";
  contract->facts.output_tokens = "usage.completion_tokens";
  return contract;
}

inline std::shared_ptr<const core::Contract> responses_contract() {
  auto contract = std::make_shared<core::Contract>();
  contract->family = core::EndpointFamily::responses;
  contract->version = "responses/2026-07-03+ba9876543210";
  contract->accessed = "2026-07-04";
  contract->request.path = "/v1/responses";
  contract->request.body = R"({"model":"{model}","input":"x"})";
  contract->request.members = {"model", "input"};
  using core::JsonType;
  contract->rules = {
      {.path = "object", .types = {JsonType::string}, .values = {"response"}},
      {.path = "output", .types = {JsonType::array}},
      {.path = "output[].type", .types = {JsonType::string}, .not_empty = true},
      {.path = "output[].content",
       .types = {JsonType::array},
       .when_member = "type",
       .when_value = "message"},
  };
  contract->error_rules = chat_contract()->error_rules;
  contract->object_path = "object";
  contract->object_value = "response";
  contract->ending_path = "status";
  contract->failed_endings = {"failed", "cancelled"};
  contract->facts.served_model = "model";
  contract->facts.input_tokens = "usage.input_tokens";
  contract->facts.output_tokens = "usage.output_tokens";
  return contract;
}

inline std::shared_ptr<const core::Route> route(
    const std::string& name,
    const std::string& provider,
    std::shared_ptr<const core::Contract> contract = chat_contract()) {
  auto made = std::make_shared<core::Provider>();
  made->name = provider;
  made->base_url = "http://127.0.0.1:1";
  made->auth = core::AuthScheme::none;
  made->loopback = true;
  auto result = std::make_shared<core::Route>();
  result->name = name;
  result->provider = made;
  result->contract = std::move(contract);
  result->model = "small-model";
  return result;
}

// Primary on provider `one`, fallback of the other family on provider `two`.
inline core::ProbePlan walk_plan() {
  core::ProbePlan plan;
  plan.name = "chat-walk";
  plan.mode = core::Mode::walk;
  plan.routes = {route("primary", "one"), route("fallback", "two", responses_contract())};
  plan.retry.attempts_per_route = 3;
  plan.retry.attempt_budget = 4;
  plan.owner = "platform";
  plan.environment = "test";
  plan.policy_sha256 = std::string(64, 'a');
  plan.config_sha256 = std::string(64, 'b');
  plan.evidence_links = {"https://apidoc.cometapi.com/api/text/chat"};
  return plan;
}

// The same route with a gateway behind its provider's base URL.
inline std::shared_ptr<const core::Route> through(core::Gateway gateway, const core::Route& same) {
  auto provider = std::make_shared<core::Provider>(*same.provider);
  provider->gateway = gateway;
  auto made = std::make_shared<core::Route>(same);
  made->provider = std::move(provider);
  return made;
}

// walk_plan() with its primary route through a gateway.
inline core::ProbePlan walk_through(core::Gateway gateway) {
  core::ProbePlan plan = walk_plan();
  plan.routes[0] = through(gateway, *plan.routes[0]);
  return plan;
}

// One call on that route, with three further requests allowed behind the gateway.
inline core::ProbePlan gateway_plan(core::Gateway gateway = core::Gateway::litellm) {
  core::ProbePlan plan = walk_through(gateway);
  plan.mode = core::Mode::gateway;
  plan.routes.pop_back();
  plan.retry.attempts_per_route = 1;
  return plan;
}

inline core::Reply reply(int status,
                         std::string body,
                         std::vector<core::Header> headers = {
                             {"content-type", "application/json"}}) {
  return {status, std::move(headers), std::move(body)};
}

inline core::Reply chat_ok() {
  return reply(
      200,
      R"({"id":"c1","object":"chat.completion","model":"small-model","choices":[{"index":0,)"
      R"("message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],)"
      R"("usage":{"prompt_tokens":7,"completion_tokens":2}})");
}

inline core::Reply responses_ok() {
  return reply(200,
               R"({"object":"response","status":"completed","model":"small-model","output":[)"
               R"({"type":"message","content":[{"type":"output_text","text":"ok"}]}]})");
}

// The result of an attempt of walk_plan() on a route by its number, ended for this reason.
inline core::Attempt attempt(std::size_t number,
                             core::Reason reason,
                             core::Milliseconds planned_wait = core::Milliseconds{0}) {
  const core::ProbePlan plan = walk_plan();
  const core::Route& on = *plan.routes[number];
  core::Attempt result;
  result.route = on.name;
  result.family = on.contract->family;
  result.provider = on.provider->name;
  result.contract_version = on.contract->version;
  result.planned_wait = planned_wait;
  result.reason = reason;
  result.failure_class = reason == core::Reason::none ? core::FailureClass::none
                         : core::retries(core::after(plan.retry.after, reason))
                             ? core::FailureClass::retryable
                             : core::FailureClass::terminal;
  if (reason == core::Reason::none) {
    result.http_status = 200;
    result.status_class = core::StatusClass::s2xx;
    result.parser_result = core::ParserResult::accepted;
    result.served_model_match = core::ServedModelMatch::same;
  }
  return result;
}

inline core::Reply throttled(std::vector<core::Header> headers = {}) {
  return reply(
      429, R"({"error":{"message":"slow down","code":"rate_limit_exceeded"}})", std::move(headers));
}

}  // namespace smokeledger::tests
