// What a document names, held to what there is.
#pragma once

#include <string>
#include <vector>

#include "tests/daemon/commands/names.h"

namespace smokeledger::tests {

// A Markdown page (`.md`), or a file that a program reads: rules, YAML, a dashboard's JSON.
struct Document {
  std::string path;
  std::string text;
};

// The pages of docs and the README; what etc has for Prometheus, Grafana and Alertmanager.
std::vector<Document> documents();

// A sentence for each name that is not there: metrics with labels and values, alerts, and, in pages
// also from code spans and code blocks, commands with their flags, flags by themselves, keys and
// sections of the configuration, and words with an underscore. Each begins with the path.
std::vector<std::string> unknown_names(const Document&, const Names&);

// A sentence for each link of the page to a page of these, or a heading, that is not there.
std::vector<std::string> dead_links(const Document&, const std::vector<Document>&);

}  // namespace smokeledger::tests
