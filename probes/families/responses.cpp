// The responses family: https://apidoc.cometapi.com/api/text/responses
#include "probes/families/families.h"

namespace smokeledger::probes::families::responses {

RequestShape request(const core::Route& route) {
  return {"POST", route.contract->path, fill_body(route)};
}

}  // namespace smokeledger::probes::families::responses
