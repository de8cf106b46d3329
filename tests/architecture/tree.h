// The source tree as the rules of this folder look at it.
#pragma once

#include <string>
#include <vector>

namespace smokeledger::tests::architecture {

struct SourceFile {
  std::string path;  // from the top of the tree, with `/`
  std::string text;
};

// Sentences, one per breach, that begin with the path; empty: all is well.
using Breaches = std::vector<std::string>;

// A name in a file where it is not allowed in general, and why it is there.
struct Allowance {
  std::string path;
  std::string text;
  std::string reason;
};

// .h and .cpp files of the product: daemon, exporters and probes.
const std::vector<SourceFile>& product();
// The same and those of tests, with scripts and build files.
const std::vector<SourceFile>& everything();
// Files and folders below the top level, hidden ones and what tools leave behind excepted.
std::vector<std::string> paths();
// Names at the top level of the tree.
std::vector<std::string> top_level();

}  // namespace smokeledger::tests::architecture
