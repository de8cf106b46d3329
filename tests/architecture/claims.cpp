#include "tests/architecture/claims.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "tests/architecture/source_text.h"

namespace smokeledger::tests::architecture {
namespace {

// The literal in lower case without the texts that its file is allowed; notes those it meets.
std::string remainder(const std::string& path,
                      std::string text,
                      const std::vector<Allowance>& allowances,
                      std::vector<bool>& met) {
  for (std::size_t i = 0; i < allowances.size(); ++i) {
    const Allowance& allowance = allowances[i];
    if (allowance.path != path) continue;
    if (allowance.text.empty()) {
      met[i] = true;
      return {};
    }
    for (auto at = text.find(allowance.text); at != std::string::npos;
         at = text.find(allowance.text)) {
      met[i] = true;
      text.erase(at, allowance.text.size());
    }
  }
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return text;
}

}  // namespace

std::span<const std::string_view> claim_words() {
  static constexpr std::array<std::string_view, 7> words{
      "latency", "uptime", "availab", "healthy", "duration_seconds", "histogram", "summary"};
  return words;
}

const std::vector<Allowance>& claim_allowances() {
  static const std::vector<Allowance> list{
      {"probes/core/disclaimer.h",
       "uptime, latency, health, model availability",
       "the one sentence that names what is not claimed"},
      {"daemon/endpoints.cpp",
       "/-/healthy",
       "Prometheus' customary name for `the process answers`"},
      {"daemon/config/config_keys.cpp", "/-/healthy", "documents the endpoint of that name"},
      {"exporters/web/response.cpp", "Service Unavailable", "the reason phrase of 503: RFC 9110"},
      {"exporters/ledger/decode_packet.cpp", "summary", "Prometheus' name of an alert's sentence"},
      {"exporters/ledger/encode_packet.cpp", "summary", "likewise"},
      {"exporters/packets/alertmanager.cpp", "summary", "likewise"},
      {"exporters/packets/packet_json.cpp", "summary", "likewise"},
      {"exporters/packets/packet_markdown.cpp", "summary", "likewise"},
      {"exporters/metrics/rules.cpp", "summary: '", "Prometheus' name of an alert's sentence"},
      {"probes/core/claims_guard.h", "", "the subjects of the claims guard"},
      {"probes/core/claims_table.cpp", "", "the words that the claims guard finds"},
      {"probes/stub/errors.h",
       "UNAVAILABLE",
       "the status word of 503 in google.rpc: generate_content errors"},
      {"probes/stub/fault.cpp", "Service Unavailable", "the reason phrase of 503: RFC 9110"},
  };
  return list;
}

Breaches claims(const std::vector<SourceFile>& files, const std::vector<Allowance>& allowances) {
  Breaches breaches;
  std::vector<bool> met(allowances.size(), false);
  for (const SourceFile& file : files) {
    for (const Literal& literal : read_source(file.text).literals) {
      const std::string text = remainder(file.path, literal.text, allowances, met);
      for (const std::string_view word : claim_words()) {
        if (text.find(word) == std::string::npos) continue;
        breaches.push_back(file.path + ':' + std::to_string(literal.line) + ": a string says `" +
                           std::string(word) + '`');
      }
    }
  }
  for (std::size_t i = 0; i < allowances.size(); ++i) {
    const Allowance& allowance = allowances[i];
    if (!met[i]) {
      breaches.push_back(allowance.path + ": the allowance for `" + allowance.text + "` is stale");
    }
    if (allowance.reason.empty()) {
      breaches.push_back(allowance.path + ": `" + allowance.text + "` is allowed without a reason");
    }
  }
  return breaches;
}

}  // namespace smokeledger::tests::architecture
