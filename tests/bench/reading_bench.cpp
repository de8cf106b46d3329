// What judging a reply costs beside simdjson's DOM reading the same bytes. Prints the ratio last;
// exit 1 where it is above the limit: four times for a valid chat reply of 1.5 KB.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include <simdjson.h>

#include "daemon/config/contracts.h"
#include "probes/core/reading.h"
#include "probes/families/stream_reading.h"
#include "tests/daemon/config/sample_replies.h"

namespace {

using namespace smokeledger;
using probes::core::EndpointFamily;

constexpr double most_times_the_parser = 4;

const probes::core::Contract& chat() {
  static const auto loaded = daemon::config::load_contracts("");
  return *loaded.contracts.at(0);
}

// A valid chat reply of about 1.5 KB: most of it is text, as in real ones.
const std::string& reply() {
  static const std::string body = [] {
    std::string text(tests::replies::whole(EndpointFamily::chat_completions));
    const std::string mark = "\"content\": \"ok\"";
    const auto at = text.find(mark) + mark.size() - 1;
    std::string words;
    while (text.size() + words.size() < 1500) words += "Reply with the word ok. ";
    return text.insert(at, words);
  }();
  return body;
}

void parse_alone(benchmark::State& state) {
  const std::string& body = reply();
  for (auto _ : state) {
    simdjson::dom::parser parser;
    benchmark::DoNotOptimize(parser.parse(body.data(), body.size()).error());
  }
}

void judge(benchmark::State& state) {
  const std::string& body = reply();
  for (auto _ : state) {
    benchmark::DoNotOptimize(probes::core::check(chat(), 200, "application/json", body).verdict);
  }
}

void judge_stream(benchmark::State& state) {
  const std::string body =
      tests::replies::text(tests::replies::events(EndpointFamily::chat_completions));
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        probes::families::read_stream(chat(), 200, "text/event-stream", body).verdict);
  }
}

BENCHMARK(parse_alone)->Repetitions(9);
BENCHMARK(judge)->Repetitions(9);
BENCHMARK(judge_stream);

// Keeps the least time of each, which other load disturbs least.
class Least : public benchmark::ConsoleReporter {
 public:
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration) continue;
      const double time = run.GetAdjustedCPUTime();
      const std::string name = run.benchmark_name();
      if (name.starts_with("parse_alone")) parse_ = std::min(parse_, time);
      if (name.starts_with("judge/")) judge_ = std::min(judge_, time);
    }
    ConsoleReporter::ReportRuns(runs);
  }
  double ratio() const { return judge_ / parse_; }

 private:
  double parse_ = 1e18;
  double judge_ = 1e18;
};

}  // namespace

int main(int argc, char** argv) {
  const bool accepted = probes::core::check(chat(), 200, "application/json", reply()).verdict ==
                        probes::core::Verdict::documented_shape;
  benchmark::Initialize(&argc, argv);
  Least least;
  benchmark::RunSpecifiedBenchmarks(&least);
  std::printf("judging a valid chat reply of %zu bytes costs %.2f times what simdjson alone does\n",
              reply().size(),
              least.ratio());
  return accepted && least.ratio() <= most_times_the_parser ? 0 : 1;
}
