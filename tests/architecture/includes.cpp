#include "tests/architecture/includes.h"

#include <algorithm>
#include <array>

#include "tests/architecture/source_text.h"

namespace smokeledger::tests::architecture {
namespace {

bool below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

bool is_ours(std::string_view include) {
  constexpr std::array<std::string_view, 4> roots{"daemon", "exporters", "probes", "tests"};
  return std::any_of(
      roots.begin(), roots.end(), [&](std::string_view root) { return below(include, root); });
}

const Arrow* arrow_of(std::string_view path) {
  for (const Arrow& arrow : arrows()) {
    if (below(path, arrow.from)) return &arrow;
  }
  return nullptr;
}

bool allowed(const Arrow& arrow, std::string_view include) {
  return below(include, arrow.from) ||
         std::any_of(arrow.to.begin(), arrow.to.end(), [&](std::string_view folder) {
           return below(include, folder);
         });
}

std::string at(const SourceFile& file, std::size_t line) {
  return file.path + ':' + std::to_string(line) + ": ";
}

}  // namespace

std::span<const Arrow> arrows() {
  static const std::vector<Arrow> table{
      {"probes/core", {}},
      {"probes/families", {"probes/core"}},
      {"probes/run", {"probes/core", "probes/families"}},
      {"probes/transport", {"probes/core", "probes/run"}},
      {"probes/stub", {"probes/core"}},
      {"exporters/ledger", {"probes"}},
      {"exporters/metrics", {"exporters/ledger", "probes"}},
      {"exporters/page", {"exporters/ledger", "probes"}},
      {"exporters/packets", {"exporters/ledger", "probes"}},
      {"exporters/web", {"exporters/ledger", "probes"}},
      {"daemon", {"exporters", "probes"}},
  };
  return table;
}

Breaches forbidden_includes(const std::vector<SourceFile>& files) {
  Breaches breaches;
  for (const SourceFile& file : files) {
    const Arrow* arrow = arrow_of(file.path);
    if (arrow == nullptr) {
      breaches.push_back(file.path + ": its folder has no row in the table of arrows");
      continue;
    }
    for (const Include& include : read_source(file.text).includes) {
      if (is_ours(include.path) && !allowed(*arrow, include.path)) {
        breaches.push_back(at(file, include.line) + std::string(arrow->from) +
                           " must not include " + include.path);
      }
    }
  }
  return breaches;
}

std::span<const LibraryPlace> library_places() {
  static const std::vector<LibraryPlace> table{
      {"curl/", {"probes/transport"}},
      {"simdjson",
       {"probes/core",
        "probes/families",
        "probes/stub",
        "exporters/ledger",
        "exporters/packets",
        "daemon/commands",
        "daemon/config",
        "daemon/operator_lines.cpp"}},
      {"boost/beast", {"exporters/web"}},
      {"prometheus/", {"exporters/metrics"}},
      {"toml++", {"daemon/config"}},
      {"openssl/", {"exporters/ledger", "daemon/config"}},
      {"spdlog/", {"daemon"}},
      {"CLI/", {"daemon"}},
      {"systemd/", {"daemon"}},
  };
  return table;
}

Breaches misplaced_libraries(const std::vector<SourceFile>& files) {
  Breaches breaches;
  for (const SourceFile& file : files) {
    for (const Include& include : read_source(file.text).includes) {
      for (const LibraryPlace& place : library_places()) {
        const bool here =
            std::any_of(place.folders.begin(), place.folders.end(), [&](std::string_view folder) {
              return file.path == folder || below(file.path, folder);
            });
        if (include.path.starts_with(place.header) && !here) {
          breaches.push_back(at(file, include.line) + include.path + " has its place elsewhere");
        }
      }
    }
  }
  return breaches;
}

}  // namespace smokeledger::tests::architecture
