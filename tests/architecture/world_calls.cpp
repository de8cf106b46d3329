#include "tests/architecture/world_calls.h"

#include <array>
#include <set>
#include <utility>

#include "tests/architecture/source_text.h"

namespace smokeledger::tests::architecture {

std::span<const std::string_view> world_names() {
  static constexpr std::array<std::string_view, 14> names{"system_clock::now",
                                                          "steady_clock::now",
                                                          "high_resolution_clock::now",
                                                          "clock_gettime",
                                                          "gettimeofday",
                                                          "random_device",
                                                          "rand",
                                                          "getrandom",
                                                          "getenv",
                                                          "secure_getenv",
                                                          "sleep_for",
                                                          "sleep_until",
                                                          "usleep",
                                                          "nanosleep"};
  return names;
}

const std::vector<Allowance>& world_allowances() {
  static const std::vector<Allowance> list{
      {"daemon/system_clock.cpp", "system_clock::now", "the one reading of the wall clock"},
      {"daemon/system_clock.cpp", "clock_gettime", "the one reading of CLOCK_BOOTTIME"},
      {"daemon/system_random.cpp", "random_device", "seeds the one source of jitter"},
      {"daemon/environment.cpp", "getenv", "what systemd passes to the process, read once"},
      {"daemon/notify.cpp",
       "clock_gettime",
       "RELOADING=1 must carry CLOCK_MONOTONIC: sd_notify(3)"},
      {"probes/stub/session.cpp", "steady_clock::now", "a drill judges when requests arrived"},
      {"probes/transport/curl_transport.cpp",
       "sleep_for",
       "keeps a failing curl_multi_poll from spinning"},
  };
  return list;
}

Breaches stray_world_calls(const std::vector<SourceFile>& files,
                           const std::vector<Allowance>& allowances) {
  std::set<std::pair<std::string, std::string>> unused;
  Breaches breaches;
  for (const Allowance& allowance : allowances) {
    unused.emplace(allowance.path, allowance.text);
    if (allowance.reason.empty()) {
      breaches.push_back(allowance.path + ": " + allowance.text + " is allowed without a reason");
    }
  }
  const auto allowed = unused;
  for (const SourceFile& file : files) {
    const std::string code = read_source(file.text).code;
    for (const std::string_view name : world_names()) {
      const std::pair key{file.path, std::string(name)};
      for (const std::size_t line : lines_with(code, name)) {
        unused.erase(key);
        if (allowed.contains(key)) continue;
        breaches.push_back(file.path + ':' + std::to_string(line) + ": " + key.second +
                           " is called outside its few places");
      }
    }
  }
  for (const auto& [path, name] : unused) {
    breaches.push_back(path + ": the allowance for " + name + " is stale");
  }
  return breaches;
}

}  // namespace smokeledger::tests::architecture
