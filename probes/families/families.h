// Endpoint families: how the minimal harmless request of each is built. To add one: its word in
// probes/core/contract.h, one file beside this one, one row in families.cpp, one contract file.
#pragma once

#include <span>
#include <string>

#include "probes/core/plan.h"

namespace smokeledger::probes::families {

// A request without host, credential or ids.
struct RequestShape {
  std::string method;
  std::string path;  // appended to the provider's base URL
  std::string body;
};

struct Family {
  core::EndpointFamily family{};
  RequestShape (*request)(const core::Route&) = nullptr;
};

// One row per family, in the enumeration's order.
std::span<const Family> families();
const Family& family(core::EndpointFamily);

// The contract's body with `{model}` replaced by the route's model as a JSON string's inside.
std::string fill_body(const core::Route&);

namespace chat_completions {
RequestShape request(const core::Route&);
}
namespace responses {
RequestShape request(const core::Route&);
}

}  // namespace smokeledger::probes::families
