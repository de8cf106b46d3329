#include "probes/core/repeat.h"

#include <algorithm>

#include "probes/core/recompute.h"

namespace smokeledger::probes::core {
namespace {

template <class T, class Fits>
std::shared_ptr<const T> first_of(std::span<const std::shared_ptr<const T>> all, Fits fits) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& of) { return fits(*of); });
  return found == all.end() ? nullptr : *found;
}

// A clause is said once, whatever the number of routes that it is true of.
void refuse(Repeat& repeat, std::string why) {
  auto& all = repeat.refusals;
  if (std::find(all.begin(), all.end(), why) == all.end()) all.push_back(std::move(why));
}

std::shared_ptr<const Provider> provider_of(Repeat& repeat,
                                            const Provider& recorded,
                                            const Today& today) {
  const auto provider =
      first_of(today.providers, [&](const Provider& of) { return of.name == recorded.name; });
  const std::string which = "provider " + recorded.name;
  if (provider == nullptr) {
    refuse(repeat, which + " is not configured any more");
    return nullptr;
  }
  if (provider->base_url != recorded.base_url) {
    refuse(repeat, which + " is at " + provider->base_url + ", and was at " + recorded.base_url);
  }
  if (provider->auth != recorded.auth) {
    refuse(repeat,
           which + " has auth " + std::string(word(provider->auth)) + ", and had " +
               std::string(word(recorded.auth)));
  }
  auto of_then = std::make_shared<Provider>(*provider);
  of_then->retry_tokens = recorded.retry_tokens;
  of_then->gateway = recorded.gateway;
  of_then->request_id_header = recorded.request_id_header;
  of_then->request_id_suffix = recorded.request_id_suffix;
  return of_then;
}

std::shared_ptr<const Contract> contract_of(Repeat& repeat,
                                            const Route& recorded,
                                            const Today& today) {
  const EndpointFamily family = recorded.contract->family;
  auto contract =
      first_of(today.contracts, [&](const Contract& of) { return of.family == family; });
  const std::string which(word(family));
  if (contract == nullptr) {
    refuse(repeat, "there is no contract of " + which + " any more");
  } else if (recorded.stream && !contract->stream) {
    refuse(repeat, "the contract of " + which + " has no stream any more");
  }
  return contract;
}

void check_model(Repeat& repeat, const Route& recorded, const Today& today) {
  const auto same = first_of(today.routes, [&](const Route& of) {
    return of.model == recorded.model && of.provider->name == recorded.provider->name &&
           of.contract->family == recorded.contract->family;
  });
  if (same != nullptr) return;
  refuse(repeat,
         "no route asks provider " + recorded.provider->name + " for model " + recorded.model +
             " of " + std::string(word(recorded.contract->family)) + " any more");
}

}  // namespace

Repeat repeat(const ProbePlan& recorded, const Today& today) {
  Repeat repeat;
  ProbePlan plan = recorded;
  if (today.probe == nullptr) {
    refuse(repeat,
           "no probe is named " + recorded.name + " any more, whose interval and caps would hold");
  } else {
    plan.schedule = today.probe->schedule;
    plan.contract_review = today.probe->contract_review;
    plan.environment = today.probe->environment;
    plan.evidence_links = today.probe->evidence_links;
    plan.unresolved = today.probe->unresolved;
    plan.config_sha256 = today.probe->config_sha256;
  }
  if (is_counted_by_stub(recorded)) {
    refuse(repeat, "the stub took the provider's place: smokeledger drill " + recorded.name);
    return repeat;
  }
  for (auto& route : plan.routes) {
    auto anew = std::make_shared<Route>(*route);
    check_model(repeat, *route, today);
    anew->provider = provider_of(repeat, *route->provider, today);
    anew->contract = contract_of(repeat, *route, today);
    if (anew->contract != nullptr && anew->contract->version != route->contract->version) {
      std::string fact = contract_changed_fact(anew->contract->family);
      auto& facts = plan.unresolved;
      if (std::find(facts.begin(), facts.end(), fact) == facts.end()) facts.push_back(fact);
    }
    route = std::move(anew);
  }
  if (repeat.refusals.empty()) repeat.plan = std::move(plan);
  return repeat;
}

}  // namespace smokeledger::probes::core
