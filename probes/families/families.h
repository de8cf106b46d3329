// Endpoint families: how the minimal harmless request of each is built and how its replies are
// read. To add one: its word in probes/core/contract.h, one contract file, one row in families.cpp;
// and where it streams, one file beside this one with the order of its events.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "probes/core/attempt.h"
#include "probes/core/plan.h"
#include "probes/families/stream_order.h"

namespace smokeledger::probes::families {

// A request without host, credential or ids.
struct RequestShape {
  std::string method;
  std::string path;  // appended to the provider's base URL
  std::string body;
};

struct Family {
  core::EndpointFamily family{};
  std::unique_ptr<StreamOrder> (*stream_order)() = nullptr;  // null: the family has no streams
};

// One row per family, in the enumeration's order.
std::span<const Family> families();
const Family& family(core::EndpointFamily);

// The contract's minimal request, streamed where the route is, with `{model}` replaced: in the body
// as a JSON string's inside, in the path percent-encoded.
RequestShape request_of(const core::Route&);

// Reads what came on a route by its contract, as a stream where the route asked for one; of a reply
// that broke off, only a stream can be read. Pure.
core::Reading read(const core::Route&, const core::Exchange&);

}  // namespace smokeledger::probes::families
