#include "probes/core/attempt.h"

#include <algorithm>
#include <array>

namespace smokeledger::probes::core {
namespace {

struct StatusRow {
  int http_status;
  Reason reason;
};

// What a status means without regard to the body; statuses not listed go by their class.
constexpr std::array<StatusRow, 16> statuses{{
    {400, Reason::probe_defect},
    {401, Reason::auth},
    {402, Reason::account_state},
    {403, Reason::auth},
    {404, Reason::probe_defect},
    {405, Reason::probe_defect},
    {408, Reason::timeout},
    {413, Reason::probe_defect},
    {415, Reason::probe_defect},
    {422, Reason::probe_defect},
    {425, Reason::throttled},
    {429, Reason::throttled},
    {503, Reason::overloaded},
    {504, Reason::server_error},
    {524, Reason::server_error},
    {529, Reason::overloaded},
}};

Classification classed(Reason reason) {
  return {failure_class_of(reason), reason};
}

Reason by_status(int http_status) {
  for (const StatusRow& row : statuses) {
    if (row.http_status == http_status) return row.reason;
  }
  switch (status_class_of(http_status)) {
    case StatusClass::s3xx:
      return Reason::redirect;
    case StatusClass::s4xx:
      return Reason::bad_request;
    case StatusClass::s5xx:
      return Reason::server_error;
    case StatusClass::s2xx:
    case StatusClass::no_response:
    case StatusClass::not_sent:
    case StatusClass::unknown:
      break;
  }
  return Reason::protocol;
}

Reason by_reading(const Reading& reading) {
  switch (reading.verdict) {
    case Verdict::documented_shape:
      // Not all of it could be read: never usable.
      if (reading.parser_result != ParserResult::accepted) break;
      return reading.failed_ending ? Reason::in_stream_error : Reason::none;
    case Verdict::error_object:
      return Reason::in_stream_error;
    case Verdict::deviant:
      break;
  }
  const bool cut = std::any_of(reading.findings.begin(), reading.findings.end(), [](const auto& f) {
    return f.code == FindingCode::truncated_stream;
  });
  return cut ? Reason::truncated : Reason::shape_rejected;
}

bool account_is_exhausted(const Reading& reading) {
  constexpr std::array<std::string_view, 4> codes{
      "insufficient_quota", "billing_hard_limit_reached", "billing_error", "insufficient_balance"};
  return std::any_of(codes.begin(), codes.end(), [&](std::string_view code) {
    return reading.error_code == code || reading.error_type == code;
  });
}

// Provider ids are kept only when they look like ids: anything else could be text.
std::string limited_id(std::string_view id) {
  constexpr std::size_t longest = 80;
  const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == ':' || c == '-';
  });
  return plain && id.size() <= longest ? std::string(id) : std::string{};
}

void keep_findings(Attempt& attempt, std::vector<Finding> findings) {
  if (findings.size() > max_findings) {
    attempt.findings_left_out = static_cast<std::uint32_t>(findings.size() - max_findings);
    findings.resize(max_findings);
  }
  attempt.findings = std::move(findings);
}

ServedModelMatch compare_models(std::string_view asked, std::string_view served) {
  if (served.empty()) return ServedModelMatch::absent;
  if (served == asked) return ServedModelMatch::same;
  // A dated or numbered snapshot of the model asked for, such as gpt-4o-mini-2024-07-18, gpt-4-0613
  // or gemini-1.5-flash-002, is that model; a model with a longer name, such as gpt-4-32k, is not.
  if (!served.starts_with(asked) || served[asked.size()] != '-') {
    return ServedModelMatch::different;
  }
  const std::string_view date = served.substr(asked.size() + 1);
  const bool dated =
      date.size() >= 3 && date.find_first_not_of("0123456789-") == std::string_view::npos;
  return dated ? ServedModelMatch::same : ServedModelMatch::different;
}

// A gateway may be asked for a model by a longer name than the model's own.
ServedModelMatch served_match(const Route& route, std::string_view served) {
  const ServedModelMatch match = compare_models(route.model, served);
  const auto own = model_behind_prefix(route.provider->gateway, route.model);
  return match == ServedModelMatch::different && !own.empty() ? compare_models(own, served) : match;
}

void require(Attempt& attempt,
             const GatewayEvidence& evidence,
             std::span<const Evidence> required) {
  for (const Evidence fact : required) {
    if (evidence.tells(fact)) continue;
    attempt.findings.push_back(
        {FindingCode::gateway_evidence_missing, "gateway." + std::string(word(fact))});
  }
}

std::string provider_id(const Reply& reply, const Reading& reading) {
  for (const std::string_view name : {"x-request-id", "request-id", "apim-request-id"}) {
    std::string id = limited_id(reply.header(name));
    if (!id.empty()) return id;
  }
  return limited_id(reading.error_request_id);
}

GatewayEvidence note_evidence(Attempt& attempt,
                              const Route& route,
                              const Reply& reply,
                              const Reading& reading) {
  GatewayEvidence evidence = read_evidence(route.provider->gateway, reply, reading.served_model);
  attempt.gateway_retries = evidence.retries;
  attempt.gateway_fallbacks = evidence.fallbacks;
  return evidence;
}

void judge_reply(Attempt& attempt,
                 const Route& route,
                 const Reply& reply,
                 const Reading& reading,
                 std::span<const Evidence> required) {
  const Classification classed = classify(*route.contract, reply.http_status, reading);
  attempt.http_status = reply.http_status;
  attempt.status_class = status_class_of(reply.http_status);
  attempt.failure_class = classed.failure_class;
  attempt.reason = classed.reason;
  attempt.object_family = reading.object_family;
  attempt.parser_result = reading.parser_result;
  attempt.additive = reading.additive;
  attempt.tokens = reading.tokens;
  keep_findings(attempt, reading.findings);
  attempt.provider_request_id = provider_id(reply, reading);
  const GatewayEvidence evidence = note_evidence(attempt, route, reply, reading);
  if (classed.failure_class != FailureClass::none) return;
  const bool behind_gateway = route.provider->gateway != Gateway::none;
  attempt.served_model_match =
      served_match(route, behind_gateway ? evidence.served_model : reading.served_model);
  if (behind_gateway) require(attempt, evidence, required);
}

bool is_whole(const Exchange& exchange) {
  return std::holds_alternative<Reply>(exchange);
}

// A stream that broke off behind its documented end, or behind its error event.
bool said_its_end(const Reading& reading) {
  return reading.verdict != Verdict::deviant;
}

}  // namespace

const Reply* readable_reply(const Exchange& exchange) {
  if (const auto* reply = std::get_if<Reply>(&exchange)) return reply;
  const Fault& fault = std::get<Fault>(exchange);
  return fault.partial ? &*fault.partial : nullptr;
}

std::string_view Reply::header(std::string_view lower_case_name) const {
  for (const Header& header : headers) {
    if (header.name == lower_case_name) return header.value;
  }
  return {};
}

StatusClass status_class_of(int http_status) {
  switch (http_status / 100) {
    case 2:
      return StatusClass::s2xx;
    case 3:
      return StatusClass::s3xx;
    case 4:
      return StatusClass::s4xx;
    case 5:
      return StatusClass::s5xx;
    default:
      return StatusClass::unknown;
  }
}

FailureClass failure_class_of(Reason reason) {
  switch (reason) {
    case Reason::none:
      return FailureClass::none;
    case Reason::throttled:
    case Reason::overloaded:
    case Reason::server_error:
    case Reason::timeout:
    case Reason::dns:
    case Reason::connect:
    case Reason::local_network:
      return FailureClass::retryable;
    case Reason::tls:
    case Reason::redirect:
    case Reason::auth:
    case Reason::account_state:
    case Reason::bad_request:
    case Reason::probe_defect:
    case Reason::in_stream_error:
    case Reason::truncated:
    case Reason::shape_rejected:
    case Reason::too_large:
    case Reason::protocol:
    case Reason::aborted:
    case Reason::unknown_crash:
      break;
  }
  return FailureClass::terminal;
}

bool is_of_a_reply(Reason reason) {
  switch (reason) {
    case Reason::dns:
    case Reason::connect:
    case Reason::local_network:
    case Reason::aborted:
    case Reason::unknown_crash:
      return false;
    case Reason::none:
    case Reason::throttled:
    case Reason::overloaded:
    case Reason::server_error:
    case Reason::timeout:
    case Reason::tls:
    case Reason::redirect:
    case Reason::auth:
    case Reason::account_state:
    case Reason::bad_request:
    case Reason::probe_defect:
    case Reason::in_stream_error:
    case Reason::truncated:
    case Reason::shape_rejected:
    case Reason::too_large:
    case Reason::protocol:
      break;
  }
  return true;
}

Classification classify(const Contract& contract, int http_status, const Reading& reading) {
  if (status_class_of(http_status) == StatusClass::s2xx) return classed(by_reading(reading));
  for (const StatusOverride& exception : contract.status_overrides) {
    if (exception.http_status != http_status || exception.error_code != reading.error_code)
      continue;
    const Reason reason = from_word<Reason>(exception.reason).value_or(Reason::bad_request);
    return classed(reason == Reason::none ? Reason::bad_request : reason);
  }
  if (status_class_of(http_status) == StatusClass::s4xx && account_is_exhausted(reading)) {
    return classed(Reason::account_state);
  }
  return classed(by_status(http_status));
}

Classification classify(const Fault& fault) {
  // After a status line the completion may have been made and paid for.
  if (fault.reason == Reason::timeout && fault.http_status) return classed(Reason::truncated);
  return classed(fault.reason == Reason::none ? Reason::protocol : fault.reason);
}

Attempt judge(const Route& route,
              const AttemptStart& start,
              const Exchange& exchange,
              const Reading& reading,
              std::span<const Evidence> required) {
  Attempt attempt;
  attempt.route = route.name;
  attempt.family = route.contract->family;
  attempt.provider = route.provider->name;
  attempt.contract_version = route.contract->version;
  attempt.request_id = start.request_id;
  attempt.sent_at = start.sent_at;
  attempt.planned_wait = start.planned_wait;
  if (const Reply* reply = readable_reply(exchange);
      reply != nullptr && (is_whole(exchange) || said_its_end(reading))) {
    judge_reply(attempt, route, *reply, reading, required);
    return attempt;
  }
  const Fault& fault = std::get<Fault>(exchange);
  const Classification classed = classify(fault);
  attempt.http_status = fault.http_status;
  attempt.status_class =
      fault.http_status ? status_class_of(*fault.http_status) : StatusClass::no_response;
  attempt.failure_class = classed.failure_class;
  attempt.reason = classed.reason;
  if (const Reply* part = readable_reply(exchange)) {
    attempt.provider_request_id = provider_id(*part, reading);
    attempt.tokens = reading.tokens;
    note_evidence(attempt, route, *part, reading);
  }
  return attempt;
}

}  // namespace smokeledger::probes::core
