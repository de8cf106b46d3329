#include <fcntl.h>

#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include <simdjson.h>

#include "exporters/ledger/anchors.h"
#include "exporters/ledger/checkpoint.h"
#include "exporters/ledger/file.h"
#include "exporters/ledger/signed_note.h"

namespace smokeledger::exporters::ledger {
namespace {

namespace dom = simdjson::dom;

LedgerError unusable(const std::filesystem::path& path, const std::string& why) {
  return {LedgerErrorKind::unusable, path.string() + ": " + why};
}

constexpr std::array<std::string_view, 3> gauges{"smokeledger_ledger_checkpoint_lines",
                                                 "smokeledger_ledger_checkpoint_head_high",
                                                 "smokeledger_ledger_checkpoint_head_low"};

// What the three gauges showed at one time; empty: no sample.
using Sample = std::array<std::optional<std::uint64_t>, gauges.size()>;
// One process's three gauges: their labels without the name, and the samples by milliseconds.
using Series = std::map<std::string, std::pair<std::string, std::map<std::int64_t, Sample>>>;

// A whole number that a double holds exactly, in the notation of Prometheus.
std::optional<std::uint64_t> whole_number(std::string_view text) {
  constexpr double limit = 9007199254740992.0;  // 2^53
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || stop != end || !(value >= 0) || value >= limit) return std::nullopt;
  if (value != std::floor(value)) return std::nullopt;
  return static_cast<std::uint64_t>(value);
}

// `[1764000000.123, "256"]`
bool add_sample(dom::element pair, std::size_t gauge, std::map<std::int64_t, Sample>& samples) {
  dom::array members;
  double seconds = 0;
  std::string_view text;
  if (pair.get(members) != simdjson::SUCCESS || members.size() != 2 ||
      members.at(0).get_double().get(seconds) != simdjson::SUCCESS ||
      members.at(1).get_string().get(text) != simdjson::SUCCESS || std::fabs(seconds) > 1e12) {
    return false;
  }
  const auto value = whole_number(text);
  if (!value) return false;
  samples[static_cast<std::int64_t>(std::llround(seconds * 1000))][gauge] = value;
  return true;
}

// One element of `result`; other metrics are passed over. The error is a clause.
std::optional<std::string> add_series(dom::element result, Series& series) {
  std::map<std::string, std::string> labels;
  dom::object metric;
  if (result["metric"].get(metric) != simdjson::SUCCESS) return "a result has no metric";
  for (const auto [name, value] : metric) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) labels.emplace(name, text);
  }
  const auto gauge = std::find(gauges.begin(), gauges.end(), labels["__name__"]);
  if (gauge == gauges.end()) return std::nullopt;
  labels.erase("__name__");
  std::string key;
  for (const auto& [name, value] : labels) key += name + '\0' + value + '\0';
  auto& [ledger, samples] = series[key];
  ledger = labels["ledger"];
  const auto index = static_cast<std::size_t>(gauge - gauges.begin());
  dom::array values;
  dom::element value;
  bool good = false;
  if (result["values"].get(values) == simdjson::SUCCESS) {
    good = true;
    for (const auto pair : values) good = good && add_sample(pair, index, samples);
  } else if (result["value"].get(value) == simdjson::SUCCESS) {
    good = add_sample(value, index, samples);
  }
  if (good) return std::nullopt;
  return "a value of " + std::string(*gauge) + " is not a time and a whole number";
}

Hash head_of(std::uint64_t high, std::uint64_t low) {
  Hash head{};
  for (std::size_t nibble = 0; nibble < 26; ++nibble) {
    const std::uint64_t number = nibble < 13 ? high : low;
    const auto digit = static_cast<unsigned>(number >> (48 - 4 * (nibble % 13)) & 0xFU);
    head[nibble / 2] = static_cast<unsigned char>(unsigned{head[nibble / 2]} << 4U | digit);
  }
  return head;
}

std::vector<Anchor> anchors_in(const Series& all, const std::string& file) {
  constexpr std::uint64_t limit = 1ULL << 52U;
  std::set<std::tuple<std::string, std::uint64_t, std::uint64_t, std::uint64_t>> seen;
  std::vector<Anchor> anchors;
  for (const auto& [key, series] : all) {
    const auto& [ledger, samples] = series;
    for (const auto& [at, sample] : samples) {
      const auto& [lines, high, low] = sample;
      if (!lines || !high || !low || *lines == 0 || *high >= limit || *low >= limit) continue;
      if (!seen.emplace(ledger, *lines, *high, *low).second) continue;
      const core::WallTime time{std::chrono::seconds{at / 1000}};
      anchors.push_back({.length = *lines,
                         .head = head_of(*high, *low),
                         .head_digits = 26,
                         .ledger = ledger,
                         .source = file + ", " + core::format_utc(time)});
    }
  }
  return anchors;
}

}  // namespace

Result<Anchor> read_note_anchor(const std::filesystem::path& path,
                                std::span<const VerifierKey> keys) {
  auto file = File::open(path, O_RDONLY);
  if (!file) return file.error();
  std::string bytes(max_note_bytes + 1, '\0');
  const auto got = read_at(*file, path, bytes.data(), bytes.size(), 0);
  if (!got) return got.error();
  bytes.resize(*got);
  const auto note = parse_note(bytes);
  if (!note) return unusable(path, "not the signed note of a checkpoint: " + note.error());
  const auto said = parse_checkpoint_text(note->text);
  if (!said) return unusable(path, "not a checkpoint: " + said.error());
  const auto objection = keys.empty() ? std::nullopt : check_signatures(*note, keys);
  if (objection) return unusable(path, *objection);
  return Anchor{.length = said->length,
                .head = said->head,
                .head_digits = 2 * said->head.size(),
                .ledger = said->ledger,
                .source = path.string()};
}

Result<std::vector<Anchor>> read_prometheus_anchors(const std::filesystem::path& path) {
  auto opened = File::open(path, O_RDONLY);
  if (!opened) return opened.error();
  dom::parser parser;
  dom::element answer;
  dom::array results;
  if (parser.load(path.string()).get(answer) != simdjson::SUCCESS ||
      answer["data"]["result"].get(results) != simdjson::SUCCESS) {
    return unusable(path,
                    "not Prometheus' answer to a query: it has no data.result; docs/operations.md "
                    "shows the query");
  }
  Series series;
  for (const auto result : results) {
    if (auto objection = add_series(result, series)) return unusable(path, *objection);
  }
  auto anchors = anchors_in(series, path.string());
  if (anchors.empty()) {
    return unusable(path,
                    "it has no time at which all three of smokeledger_ledger_checkpoint_lines, "
                    "_head_high and _head_low were there");
  }
  return anchors;
}

}  // namespace smokeledger::exporters::ledger
