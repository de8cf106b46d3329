#include "tests/architecture/shape.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace smokeledger::tests::architecture {
namespace {

constexpr std::array<std::string_view, 8> meaningless{
    "util", "utils", "common", "helper", "helpers", "misc", "manager", "managers"};

constexpr std::array<std::string_view, 13> top{"CHANGELOG.md",
                                               "CMakeLists.txt",
                                               "CMakePresets.json",
                                               "CONTRIBUTING.md",
                                               "LICENSE",
                                               "README.md",
                                               "daemon",
                                               "docs",
                                               "etc",
                                               "exporters",
                                               "probes",
                                               "systemd",
                                               "tests"};

template <class List>
bool holds(const List& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

Breaches long_files(const std::vector<SourceFile>& files) {
  Breaches breaches;
  for (const SourceFile& file : files) {
    const auto lines =
        static_cast<std::size_t>(std::count(file.text.begin(), file.text.end(), '\n'));
    if (lines > most_lines) {
      breaches.push_back(file.path + ": " + std::to_string(lines) + " lines; split it");
    }
  }
  return breaches;
}

Breaches empty_names(const std::vector<std::string>& paths) {
  Breaches breaches;
  for (const std::string& path : paths) {
    const std::string_view name = std::string_view(path).substr(path.find_last_of('/') + 1);
    const std::string_view stem = name.substr(0, name.find('.'));
    if (holds(meaningless, stem)) breaches.push_back(path + ": a name that says nothing");
  }
  return breaches;
}

Breaches top_level_breaches(const std::vector<std::string>& names) {
  Breaches breaches;
  for (const std::string& name : names) {
    const bool built = name == "build" || name.starts_with("build-");  // ignored by git
    if (!holds(top, name) && !name.starts_with('.') && !built) {
      breaches.push_back(name + ": does not belong to the top level");
    }
  }
  for (const std::string_view name : top) {
    if (!holds(names, name)) breaches.push_back(std::string(name) + ": is missing");
  }
  return breaches;
}

}  // namespace smokeledger::tests::architecture
