#include "probes/families/families.h"

#include <array>

#include "probes/core/json_writer.h"

namespace smokeledger::probes::families {
namespace {

constexpr std::array<Family, 2> table{{
    {core::EndpointFamily::chat_completions, chat_completions::request},
    {core::EndpointFamily::responses, responses::request},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].family) != i) return false;
  }
  return table.size() == core::every<core::EndpointFamily>().size();
}
static_assert(in_order(), "one row per EndpointFamily, in the enumeration's order");

}  // namespace

std::span<const Family> families() {
  return table;
}

const Family& family(core::EndpointFamily which) {
  return table[static_cast<std::size_t>(which)];
}

std::string fill_body(const core::Route& route) {
  constexpr std::string_view mark = "{model}";
  std::string quoted;
  core::append_json_string(quoted, route.model);
  const std::string inside = quoted.substr(1, quoted.size() - 2);
  std::string body = route.contract->body;
  for (auto at = body.find(mark); at != std::string::npos;
       at = body.find(mark, at + inside.size())) {
    body.replace(at, mark.size(), inside);
  }
  return body;
}

}  // namespace smokeledger::probes::families
