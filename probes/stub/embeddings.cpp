// Replies of embeddings, which have no streams. https://apidoc.cometapi.com/api/text/embeddings
#include "probes/stub/dialects.h"

namespace smokeledger::probes::stub::embeddings {
namespace {

// Eight numbers that a 32-bit float holds exactly, and the same as their bytes in base64.
constexpr std::string_view numbers = "[0.5,-0.25,0.125,-0.0625,0.25,-0.125,0.0625,-0.5]";
constexpr std::string_view in_base64 = "AAAAPwAAgL4AAAA+AACAvQAAgD4AAAC+AACAPQAAAL8=";

void append_item(core::JsonWriter& json, Shape shape) {
  json.begin_object().key("object").string("embedding").key("index").integer(0).key("embedding");
  if (shape == Shape::null_content) {
    json.string(in_base64);
  } else {
    json.raw(numbers);
  }
  if (shape == Shape::unknown_members) append_unknown_members(json);
  json.end_object();
}

std::string body(const Asked& asked, Shape shape) {
  core::JsonWriter json;
  json.begin_object().key("object").string("list");
  if (shape != Shape::no_answer) {
    json.key("data").begin_array();
    append_item(json, shape);
    json.end_array();
  }
  json.key("model").string(asked.model).key("usage").begin_object();
  json.key("prompt_tokens")
      .integer(input_tokens)
      .key("total_tokens")
      .integer(input_tokens)
      .end_object();
  if (shape == Shape::unknown_members) append_unknown_members(json);
  json.end_object();
  return json.take();
}

}  // namespace

const Dialect dialect{.family = core::EndpointFamily::embeddings, .body = body};

}  // namespace smokeledger::probes::stub::embeddings
