// The chat_completions family: https://apidoc.cometapi.com/api/text/chat
#include "probes/families/families.h"

namespace smokeledger::probes::families::chat_completions {

RequestShape request(const core::Route& route) {
  return {"POST", route.contract->path, fill_body(route)};
}

}  // namespace smokeledger::probes::families::chat_completions
