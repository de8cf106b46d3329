#include "probes/run/run.h"

#include <algorithm>
#include <utility>

#include "probes/core/decision.h"
#include "probes/core/pressure.h"
#include "probes/families/families.h"

namespace smokeledger::probes::run {
namespace {

// The id of one attempt, by which it is found in the logs of what it passes.
std::string request_id(const core::Provider& provider, std::string id, std::uint32_t number) {
  constexpr std::string_view place = "{n}";
  std::string suffix = provider.request_id_suffix;
  const std::size_t at = suffix.find(place);
  if (at != std::string::npos) suffix.replace(at, place.size(), std::to_string(number));
  return id.append(suffix);
}

}  // namespace

Request make_request(const core::Route& route,
                     const std::string& request_id,
                     std::shared_ptr<const Secret> secret,
                     core::Milliseconds timeout) {
  auto shape = families::request_of(route);
  Request request;
  request.method = std::move(shape.method);
  request.url = route.provider->base_url + shape.path;
  request.headers = {{"content-type", "application/json"},
                     {"accept", route.stream ? "text/event-stream" : "application/json"},
                     {route.provider->request_id_header, request_id}};
  const auto& own = route.provider->headers;
  for (const auto& header : route.contract->request_headers) {
    const bool replaced = std::any_of(
        own.begin(), own.end(), [&](const auto& of) { return of.first == header.first; });
    if (!replaced) request.headers.push_back(header);
  }
  request.headers.insert(request.headers.end(), own.begin(), own.end());
  request.body = std::move(shape.body);
  request.auth = route.provider->auth;
  request.secret = std::move(secret);
  request.timeout = timeout;
  return request;
}

core::Outcome paused_outcome(const core::ProbePlan& plan,
                             const core::RunFacts& facts,
                             std::vector<std::string> unresolved) {
  core::Outcome outcome = core::summarise(plan, facts, {});
  outcome.unresolved.insert(outcome.unresolved.end(), unresolved.begin(), unresolved.end());
  return core::decide(plan, std::move(outcome), facts.end, facts.gap);
}

Run::Run(World world, RunSetup setup, Finished finished)
    : world_(world), setup_(std::move(setup)), finished_(std::move(finished)) {}

Run::~Run() {
  cancel_pending();
}

void Run::start() {
  step();
}

void Run::abort() {
  if (!finished_) return;
  if (sent_) {
    const core::Fault aborted{.reason = core::Reason::aborted};
    core::Past past{route_, core::judge(*setup_.plan->routes[route_], *sent_, aborted, {}), {}};
    history_.push_back(std::move(past));
  }
  finish(core::RunEnd::aborted);
}

core::Milliseconds Run::elapsed() const {
  return began_ ? world_.clock.now() - *began_ : core::Milliseconds{0};
}

void Run::step() {
  const core::Step next =
      core::next_step(*setup_.plan, history_, elapsed(), world_.random.draw(), allowance());
  const auto seen = std::visit([](const auto& step) { return step.retry_after; }, next);
  if (!history_.empty()) history_.back().attempt.retry_after = seen;
  if (const auto* to_send = std::get_if<core::Send>(&next)) {
    // Spent before it is waited for: runs side by side share what is left.
    if (!history_.empty()) world_.retry_tokens.spend(history_.back().attempt.provider);
    return wait(*to_send);
  }
  if (std::get<core::Stop>(next).held == core::Held::retry_tokens) {
    setup_.pressure.push_back(std::string(core::pressure::tokens_short) +
                              history_.back().attempt.provider);
  }
  finish(core::RunEnd::finished);
}

core::Allowance Run::allowance() const {
  core::Allowance allowance{.retry_tokens = {}, .under_pressure = !setup_.pressure.empty()};
  if (!history_.empty()) {
    const core::Provider& failed = *setup_.plan->routes[history_.back().route]->provider;
    allowance.retry_tokens = world_.retry_tokens.left(failed.name, failed.retry_tokens);
  }
  return allowance;
}

void Run::wait(const core::Send& next) {
  if (next.after <= core::Milliseconds{0}) return send(next);
  timer_ = world_.clock.at(world_.clock.now() + next.after, [this, next] {
    timer_.reset();
    send(next);
  });
}

void Run::send(const core::Send& next) {
  const auto& provider = *setup_.plan->routes[next.route]->provider;
  route_ = next.route;
  // The grant may come from inside acquire(), before the ticket is known: the request goes out by
  // way of the clock, so that it is.
  ticket_ = world_.slots.acquire(provider.name, provider.max_in_flight, [this, next] {
    if (timer_) world_.clock.cancel(*timer_);
    timer_ = world_.clock.at(world_.clock.now(), [this, next] {
      timer_.reset();
      transmit(next);
    });
  });
  if (timer_ || !began_) return;
  // Still in the queue: the deadline holds there, too.
  timer_ = world_.clock.at(*began_ + setup_.plan->retry.deadline, [this] {
    timer_.reset();
    finish(core::RunEnd::finished);
  });
}

void Run::transmit(const core::Send& next) {
  // One look at the clock: no line may say that it was sent behind the deadline.
  const core::Stamp now = world_.clock.stamp();
  if (!began_) began_ = now.boot;
  const core::Milliseconds left = setup_.plan->retry.deadline - (now.boot - *began_);
  if (left <= core::Milliseconds{0}) return finish(core::RunEnd::finished);
  core::AttemptLine line = attempt_line(next, now);
  const auto& route = *setup_.plan->routes[next.route];
  const auto secret = setup_.secrets.find(route.provider->name);
  Request request = make_request(route,
                                 line.request_id,
                                 secret == setup_.secrets.end() ? nullptr : secret->second,
                                 std::min(next.timeout, left));
  sent_ = core::AttemptStart{line.request_id, now.wall, next.after};
  sending_ = world_.transport.send({std::move(line), std::move(request)},
                                   [this](const core::Exchange& exchange) { received(exchange); });
}

core::AttemptLine Run::attempt_line(const core::Send& next, const core::Stamp& now) const {
  const core::Route& route = *setup_.plan->routes[next.route];
  core::AttemptLine line;
  line.check_id = setup_.check_id;
  line.probe = setup_.plan->name;
  line.mode = setup_.plan->mode;
  line.trigger = setup_.trigger;
  line.policy_sha256 = setup_.plan->policy_sha256;
  line.config_sha256 = setup_.plan->config_sha256;
  line.environment = setup_.plan->environment;
  line.number = static_cast<std::uint32_t>(history_.size() + 1);
  line.route = route.name;
  line.family = route.contract->family;
  line.provider = route.provider->name;
  line.contract_version = route.contract->version;
  line.request_id =
      request_id(*route.provider, setup_.check_id + '.' + setup_.ledger_tag, line.number);
  line.planned_wait = next.after;
  line.stamp = now;
  const auto shape = families::request_of(route);
  line.method = shape.method;
  line.path = shape.path;
  line.auth_scheme = core::word(route.provider->auth);
  line.request_members = core::request_template(route).members;
  line.output_tokens_at_most = route.contract->output_tokens_at_most;
  line.caller_uid = setup_.caller_uid;
  if (!history_.empty()) line.previous = history_.back().attempt;
  return line;
}

void Run::received(const core::Exchange& exchange) {
  sending_.reset();
  const core::Route& route = *setup_.plan->routes[route_];
  const core::Reading reading = families::read(route, exchange);
  core::Past past{
      route_, core::judge(route, *sent_, exchange, reading, setup_.plan->require_evidence), {}};
  // Also of a reply that broke off behind its headers; never of a 2xx.
  if (const auto* reply = core::readable_reply(exchange)) {
    past.wish = core::retry_wish(*reply, reading);
  }
  forget_echo(past.attempt);
  sent_.reset();
  history_.push_back(std::move(past));
  const auto ticket = std::exchange(ticket_, std::nullopt);
  if (ticket) world_.slots.release(*ticket);
  step();
}

// An id of theirs that repeats our credential must not reach a line.
void Run::forget_echo(core::Attempt& attempt) const {
  const auto secret = setup_.secrets.find(attempt.provider);
  if (secret == setup_.secrets.end()) return;
  const bool echo = attempt.provider_request_id.find(secret->second->reveal()) != std::string::npos;
  if (echo) attempt.provider_request_id.clear();
}

void Run::cancel_pending() {
  if (timer_) world_.clock.cancel(*timer_);
  if (sending_) world_.transport.cancel(*sending_);
  timer_.reset();
  sending_.reset();
  const auto ticket = std::exchange(ticket_, std::nullopt);
  if (ticket) world_.slots.release(*ticket);
}

void Run::finish(core::RunEnd end) {
  cancel_pending();
  std::vector<core::Attempt> attempts;
  attempts.reserve(history_.size());
  for (auto& past : history_) attempts.push_back(std::move(past.attempt));
  if (!attempts.empty() && attempts.back().usable()) {
    world_.retry_tokens.credit(attempts.back().provider);
  }
  const core::RunFacts facts{setup_.check_id,
                             setup_.trigger,
                             setup_.build,
                             end,
                             core::Gap::none,
                             setup_.unresolved,
                             setup_.pressure};
  core::Outcome outcome = core::summarise(*setup_.plan, facts, std::move(attempts));
  outcome = core::decide(*setup_.plan, std::move(outcome), end, core::Gap::none);
  // Moved out first: the callback may destroy this object.
  const Finished finished = std::exchange(finished_, nullptr);
  finished(std::move(outcome));
}

}  // namespace smokeledger::probes::run
