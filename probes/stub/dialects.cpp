#include "probes/stub/dialects.h"

namespace smokeledger::probes::stub {

const Dialect& dialect_of(core::EndpointFamily family) {
  switch (family) {
    case core::EndpointFamily::chat_completions:
      return chat_completions::dialect;
    case core::EndpointFamily::responses:
      return responses::dialect;
    case core::EndpointFamily::messages:
      return messages::dialect;
    case core::EndpointFamily::generate_content:
      return generate_content::dialect;
    case core::EndpointFamily::embeddings:
      break;
  }
  return embeddings::dialect;
}

std::string success_body(const Asked& asked, Shape shape) {
  return dialect_of(asked.family).body(asked, shape);
}

void append_unknown_members(core::JsonWriter& json) {
  json.key("x_stub_extra").begin_object();
  json.key("note").string("no document names this member");
  json.key("values").raw("[1,2,3]").end_object();
}

}  // namespace smokeledger::probes::stub
