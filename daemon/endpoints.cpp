#include "daemon/endpoints.h"

#include <malloc.h>

#include <charconv>
#include <string_view>
#include <utility>

#include "exporters/ledger/codec.h"
#include "probes/core/json_writer.h"

namespace smokeledger::daemon {
namespace {

using exporters::web::Reply;
using exporters::web::WebRequest;
using exporters::web::WebResponse;
using exporters::web::WebRoute;

WebRoute metrics_route(Projections& projections) {
  return {"GET", "/metrics", [&projections](const WebRequest& request, Reply reply) {
            const bool open = exporters::metrics::asks_for_open_metrics(request.accept);
            projections.post([open, reply = std::move(reply)](
                                 const exporters::metrics::Metrics& metrics) {
              reply(open ? WebResponse{200,
                                       std::string(exporters::metrics::open_metrics_content_type),
                                       metrics.open_metrics()}
                         : WebResponse{200,
                                       std::string(exporters::metrics::text_content_type),
                                       metrics.text()});
              // A scrape of many series is collected in pieces that are not needed until the next.
              malloc_trim(0);
            });
          }};
}

WebRoute healthy_route() {
  return {"GET", "/-/healthy", [](const WebRequest&, const Reply& reply) {
            reply({200, "text/plain; charset=utf-8", "The process answers.\n"});
          }};
}

std::vector<std::string> values_of(std::string_view query, std::string_view name) {
  std::vector<std::string> values;
  while (!query.empty()) {
    const std::string_view item = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), item.size() + 1));
    const std::size_t equals = item.find('=');
    if (item.substr(0, equals) != name || equals == std::string_view::npos) continue;
    values.emplace_back(item.substr(equals + 1));
  }
  return values;
}

void write_result(core::JsonWriter& out,
                  exporters::ledger::Hasher& hasher,
                  const ManualResult& result,
                  const std::string& ledger_name) {
  out.begin_object().key("probe").string(result.probe);
  if (result.outcome) {
    const auto& record = *result.outcome;
    const auto encoded = exporters::ledger::encode(
        hasher, {record.seq(), record.prev(), ledger_name, record.recorded_at()}, record.line());
    if (encoded) {
      std::string_view line = encoded->bytes;
      line.remove_suffix(1);
      out.key("line").raw(line);
    }
  } else {
    out.key("not_run").string(result.not_run);
    if (result.allowed_from) {
      out.key("allowed_from").string(core::format_utc(*result.allowed_from));
    }
  }
  out.end_object();
}

void write_results(core::JsonWriter& out,
                   const std::vector<ManualResult>& results,
                   const std::string& ledger_name) {
  exporters::ledger::Hasher hasher;
  out.key("results").begin_array();
  for (const auto& result : results) write_result(out, hasher, result, ledger_name);
  out.end_array();
}

WebResponse with_member(int status, std::string_view name, std::string_view value) {
  core::JsonWriter json;
  json.begin_object().key(name).string(value).end_object();
  return {status, "application/json", json.take() + '\n'};
}

WebRoute once_route(Service& service, Repeater& repeater, const std::string& ledger_name) {
  return {"POST",
          "/v1/once",
          [&service, &repeater, ledger_name](const WebRequest& request, Reply reply) {
            const auto probes = values_of(request.query, "probe");
            const auto like = values_of(request.query, "like");
            if (like.size() > 1 || (!like.empty() && !probes.empty())) {
              return reply(with_member(400, "refused", "one outcome, or probes: not both"));
            }
            if (!like.empty()) {
              return repeater.repeat(
                  like.front(),
                  request.peer_uid,
                  [reply = std::move(reply), ledger_name](const Repeated& repeated) {
                    reply({200, "application/json", like_results(repeated, ledger_name)});
                  });
            }
            service.run_now(probes,
                            request.peer_uid,
                            [reply = std::move(reply), ledger_name](const auto& results) {
                              reply({200, "application/json", once_results(results, ledger_name)});
                            });
          }};
}

WebRoute contract_reviews_route(ContractReviewer& reviewer) {
  return {"POST", "/v1/contract-reviews", [&reviewer](const WebRequest& request, Reply reply) {
            const auto families = values_of(request.query, "family");
            const auto initials = values_of(request.query, "initials");
            const auto family =
                families.size() == 1 ? core::family_from(families[0]) : std::nullopt;
            if (!family || initials.size() != 1 || !core::is_initials(initials[0])) {
              return reply(with_member(400, "refused", "one known family and initials are needed"));
            }
            reviewer.record(*family,
                            initials[0],
                            request.peer_uid,
                            [reply = std::move(reply)](const std::optional<std::string>& id) {
                              reply(id ? with_member(200, "ledger_id", *id)
                                       : with_member(503, "refused", "the line was not written"));
                            });
          }};
}

WebRoute drill_begin_route(ClientDrills& drills) {
  return {"POST", "/v1/drill/begin", [&drills](const WebRequest& request, const Reply& reply) {
            const auto probes = values_of(request.query, "probe");
            if (probes.size() != 1) {
              return reply(with_member(400, "refused", "one probe is needed"));
            }
            const auto begun = drills.begin(probes.front(), request.peer_uid);
            if (!begun) return reply(with_member(409, "refused", begun.error().why));
            core::JsonWriter json;
            json.begin_object().key("check_id").string(begun->check_id);
            json.key("stub_url").string(begun->stub_url).key("asked").integer(begun->asked);
            json.end_object();
            reply({200, "application/json", json.take() + '\n'});
          }};
}

// Nothing where the query does not say how the client ended, or says it twice.
std::optional<Drills::Ended> ended_by(std::string_view query) {
  const auto clients = values_of(query, "client");
  const auto codes = values_of(query, "exit_code");
  if (clients.size() + codes.size() != 1) return std::nullopt;
  if (!clients.empty()) {
    const auto end = core::from_word<core::ClientEnd>(clients.front());
    const bool without_code = end == core::ClientEnd::killed || end == core::ClientEnd::not_started;
    return without_code ? std::optional(Drills::Ended{*end, 0}) : std::nullopt;
  }
  int code = -1;
  const std::string& text = codes.front();
  std::from_chars(text.data(), text.data() + text.size(), code);
  if (std::to_string(code) != text || code < 0 || code > 255) return std::nullopt;
  return Drills::Ended{core::ClientEnd::exited, code};
}

WebRoute drill_end_route(ClientDrills& drills, const std::string& ledger_name) {
  return {
      "POST",
      "/v1/drill/end",
      [&drills, ledger_name](const WebRequest& request, const Reply& reply) {
        const auto probes = values_of(request.query, "probe");
        const auto ids = values_of(request.query, "check_id");
        const auto ended = ended_by(request.query);
        if (probes.size() != 1 || ids.size() != 1 || !ended) {
          return reply(with_member(
              400, "refused", "one probe, one check_id and one exit_code or client are needed"));
        }
        const std::string& probe = probes.front();
        drills.end(probe,
                   ids.front(),
                   *ended,
                   [reply, ledger_name, probe](const ClientDrills::Recorded& recorded) {
                     if (!recorded) {
                       return reply(with_member(409, "refused", recorded.error().why));
                     }
                     const ManualResult result{probe, *recorded, {}, std::nullopt};
                     reply({200, "application/json", once_results({result}, ledger_name)});
                   });
      }};
}

}  // namespace

std::vector<WebRoute> drill_routes(ClientDrills& drills, const std::string& ledger_name) {
  return {drill_begin_route(drills), drill_end_route(drills, ledger_name)};
}

std::vector<WebRoute> metrics_routes(Projections& projections) {
  return {metrics_route(projections), healthy_route()};
}

std::vector<WebRoute> local_routes(Projections& projections,
                                   ReviewPages& pages,
                                   std::function<bool()> ready) {
  std::vector<WebRoute> routes = metrics_routes(projections);
  routes.push_back(
      {"GET", "/-/ready", [ready = std::move(ready)](const WebRequest&, const Reply& reply) {
         const bool yes = ready();
         reply({yes ? 200 : 503,
                "text/plain; charset=utf-8",
                yes ? "The ledger is open and the schedule runs.\n"
                    : "The ledger is not writable or the schedule does not run.\n"});
       }});
  for (auto& route : pages.routes()) routes.push_back(std::move(route));
  return routes;
}

std::string once_results(const std::vector<ManualResult>& results, const std::string& ledger_name) {
  core::JsonWriter out;
  out.begin_object();
  write_results(out, results, ledger_name);
  out.end_object();
  return out.take() + '\n';
}

std::string like_results(const Repeated& repeated, const std::string& ledger_name) {
  core::JsonWriter out;
  out.begin_object();
  if (!repeated.then.empty()) out.key("then").raw(repeated.then);
  write_results(out, {repeated.now}, ledger_name);
  out.end_object();
  return out.take() + '\n';
}

WebRoute operator_lines_route(Reviewer& reviewer) {
  return {"POST", "/v1/operator-lines", [&reviewer](const WebRequest& request, Reply reply) {
            reviewer.record(
                request.body,
                request.peer_uid,
                [reply = std::move(reply)](const Reviewer::Answer& answer) {
                  if (answer) return reply(with_member(200, "ledger_id", *answer));
                  const auto& not_recorded = answer.error();
                  reply(with_member(not_recorded.refused ? 400 : 503, "refused", not_recorded.why));
                });
          }};
}

std::vector<WebRoute> control_routes(Service& service,
                                     ContractReviewer& reviewer,
                                     Repeater& repeater,
                                     const std::string& ledger_name) {
  return {once_route(service, repeater, ledger_name), contract_reviews_route(reviewer)};
}

}  // namespace smokeledger::daemon
