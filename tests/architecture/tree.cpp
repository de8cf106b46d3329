#include "tests/architecture/tree.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>

namespace smokeledger::tests::architecture {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 7> folders{
    "daemon", "docs", "etc", "exporters", "probes", "systemd", "tests"};

bool left_behind(const std::string& name) {
  return name.starts_with('.') || name == "node_modules" || name == "__pycache__";
}

std::vector<SourceFile> read_files(std::initializer_list<std::string_view> suffixes,
                                   std::initializer_list<std::string_view> under) {
  std::vector<SourceFile> files;
  for (const std::string& path : paths()) {
    const auto begins = [&](std::string_view folder) {
      return path.starts_with(std::string(folder) + '/');
    };
    const auto ends = [&](std::string_view suffix) { return path.ends_with(suffix); };
    const fs::path on_disk = fs::path(SMOKELEDGER_SOURCE_DIR) / path;
    if (std::none_of(under.begin(), under.end(), begins) ||
        std::none_of(suffixes.begin(), suffixes.end(), ends) || !fs::is_regular_file(on_disk)) {
      continue;
    }
    std::ifstream in(on_disk, std::ios::binary);
    files.push_back({path, std::string(std::istreambuf_iterator<char>(in), {})});
  }
  return files;
}

}  // namespace

const std::vector<SourceFile>& product() {
  static const auto files = read_files({".h", ".cpp"}, {"daemon", "exporters", "probes"});
  return files;
}

const std::vector<SourceFile>& everything() {
  static const auto files =
      read_files({".h", ".cpp", ".py", ".sh", ".mjs", ".cmake", "CMakeLists.txt"},
                 {"daemon", "etc", "exporters", "probes", "systemd", "tests"});
  return files;
}

std::vector<std::string> paths() {
  const fs::path root = SMOKELEDGER_SOURCE_DIR;
  std::vector<std::string> found;
  for (const std::string_view folder : folders) {
    std::error_code error;
    fs::recursive_directory_iterator it(root / folder, error);
    for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
      if (left_behind(it->path().filename().string())) {
        it.disable_recursion_pending();
        continue;
      }
      found.push_back(it->path().lexically_relative(root).generic_string());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> top_level() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(SMOKELEDGER_SOURCE_DIR)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace smokeledger::tests::architecture
