// What the listeners answer. No GET ever causes a call to a provider, and no target ever comes from
// a request.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/client_drills.h"
#include "daemon/contract_reviewer.h"
#include "daemon/projections.h"
#include "daemon/repeater.h"
#include "daemon/review_pages.h"
#include "daemon/reviewer.h"
#include "daemon/service.h"
#include "exporters/web/server.h"

namespace smokeledger::daemon {

// `/metrics` and `/-/healthy`: for any listener.
std::vector<exporters::web::WebRoute> metrics_routes(Projections&);

// The loopback listener: those, `/-/ready` and the review pages. `ready`: asked on the io thread.
std::vector<exporters::web::WebRoute> local_routes(Projections&,
                                                   ReviewPages&,
                                                   std::function<bool()> ready);

// The control socket. POST /v1/once?probe=NAME&probe=NAME (none: all) answers when every run has
// its outcome line: {"results":[{"probe":...,"line":{...}} or {"probe","not_run","allowed_from"}]}.
// POST /v1/once?like=LEDGER_ID repeats that outcome's check: {"then":{...},"results":[...]},
// without `then` where there is no such outcome. POST
// /v1/contract-reviews?family=FAMILY&initials=AB answers when the line is durable:
// {"ledger_id":...}; or 400 or 503 and {"refused":...}.
std::vector<exporters::web::WebRoute> control_routes(Service&,
                                                     ContractReviewer&,
                                                     Repeater&,
                                                     const std::string& ledger_name);

// The control socket, of people. POST /v1/operator-lines takes what operator_line() reads and
// answers when the line is durable: {"ledger_id":...}; or 400 or 503 and {"refused":...}.
exporters::web::WebRoute operator_lines_route(Reviewer&);

// The control socket, of a drill's client. POST /v1/drill/begin?probe=NAME answers {"check_id",
// "stub_url","asked"}. POST /v1/drill/end?probe=NAME&check_id=ID&exit_code=N (or &client=killed,
// &client=not_started) answers as /v1/once when the outcome line is durable. 400 and 409 carry
// {"refused":...}.
std::vector<exporters::web::WebRoute> drill_routes(ClientDrills&, const std::string& ledger_name);

// The bodies of the answers of /v1/once. Pure.
std::string once_results(const std::vector<ManualResult>&, const std::string& ledger_name);
std::string like_results(const Repeated&, const std::string& ledger_name);

}  // namespace smokeledger::daemon
