// A family's error envelope, and other facts, read from a parsed document. For the core and
// probes/families.
#pragma once

#include <simdjson.h>

#include "probes/core/reading.h"
#include "probes/core/rule_check.h"

namespace smokeledger::probes::core {

// Whether the document has an `error` that says something, where every documented envelope has it;
// of several, any. Null, false and an empty string are what some servers send for none.
bool names_an_error(simdjson::dom::element);

// Judges such a document by the envelope's rules: error_object, or deviant with what is wrong in
// it. Fills verdict, object family, code, type and request id; findings stand behind `where`.
void read_error(
    const Contract&, simdjson::dom::element, std::string_view where, RuleWalk&, Reading&);

// Served model and token counts, where the document has them.
void read_facts(const FactPaths&, simdjson::dom::element, Reading&);

}  // namespace smokeledger::probes::core
