#include "daemon/commands/contract_manifest.h"

#include <filesystem>

#include <simdjson.h>

namespace smokeledger::daemon::commands {
namespace {

using simdjson::dom::element;

// One line's members, with what is wrong in them.
class ManifestLine {
 public:
  ManifestLine(element object, std::string where, std::vector<std::string>& errors)
      : object_(object), where_(std::move(where)), errors_(errors) {}

  const std::string& where() const { return where_; }
  void error(const std::string& problem, const std::string& fix) {
    errors_.push_back(where_ + ": " + problem + "; " + fix);
  }

  bool has(std::string_view member) const { return object_[member].error() == simdjson::SUCCESS; }
  // The member; `fallback` where it is absent, or is of another type, which is an error.
  template <class Read>
  Read read(std::string_view member, Read fallback, const std::string& fix) {
    element value;
    if (object_[member].get(value) != simdjson::SUCCESS) return fallback;
    Read read{};
    if (value.get(read) == simdjson::SUCCESS) return read;
    error(std::string(member) + " is of another type", fix);
    return fallback;
  }

 private:
  element object_;
  std::string where_;
  std::vector<std::string>& errors_;
};

// All words of an enumeration, for a fix.
template <core::Worded E>
std::string one_of() {
  std::string text = "write one of: ";
  for (const E value : core::every<E>()) {
    text.append(value == E{} ? "" : ", ").append(core::word(value));
  }
  return text;
}

core::EndpointFamily read_family(ManifestLine& line) {
  const std::string fix = one_of<core::EndpointFamily>();
  const auto family = core::family_from(line.read("family", std::string_view{}, fix));
  if (!family) line.error("family is absent or not known", fix);
  return family.value_or(core::EndpointFamily{});
}

int read_http_status(ManifestLine& line) {
  const std::string fix = "write 100 to 599";
  const std::int64_t status = line.read("http_status", std::int64_t{200}, fix);
  if (status < 100 || status > 599) line.error("http_status is not an HTTP status", fix);
  return static_cast<int>(status);
}

std::optional<core::Verdict> read_expected(ManifestLine& line) {
  if (!line.has("expected")) return std::nullopt;
  const std::string fix = one_of<core::Verdict>();
  const auto verdict =
      core::from_word<core::Verdict>(line.read("expected", std::string_view{}, fix));
  if (!verdict) line.error("expected is not a verdict", fix);
  return verdict;
}

SavedReply read_line(ManifestLine& line, const std::filesystem::path& folder) {
  SavedReply reply;
  reply.where = line.where();
  reply.name = line.read("file", std::string_view{}, "write a path relative to the manifest");
  if (reply.name.empty()) line.error("file is absent", "write a path relative to the manifest");
  reply.path = (folder / reply.name).string();
  reply.family = read_family(line);
  reply.stream = line.read("stream", false, "write true or false");
  reply.http_status = read_http_status(line);
  reply.content_type =
      line.read("content_type", documented_content_type(reply.stream), "write the header's value");
  reply.expected = read_expected(line);
  return reply;
}

}  // namespace

std::string_view documented_content_type(bool stream) {
  return stream ? "text/event-stream" : "application/json";
}

Manifest read_manifest(const std::string& path, std::string_view bytes) {
  Manifest manifest;
  const auto folder = std::filesystem::path(path).parent_path();
  simdjson::dom::parser parser;
  for (std::size_t number = 1; !bytes.empty(); ++number) {
    const std::string_view text = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(text.size() + 1, bytes.size()));
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const std::string where = path + ':' + std::to_string(number);
    element object;
    if (parser.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS ||
        !object.is_object()) {
      manifest.errors.push_back(where + ": this is not one JSON object; write one a line");
      continue;
    }
    ManifestLine line(object, where, manifest.errors);
    manifest.replies.push_back(read_line(line, folder));
  }
  if (manifest.replies.empty() && manifest.errors.empty()) {
    manifest.errors.push_back(path + ": the manifest names no file; write one JSON object a line");
  }
  return manifest;
}

}  // namespace smokeledger::daemon::commands
