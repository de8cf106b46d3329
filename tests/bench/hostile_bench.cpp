// What the worst replies cost to judge: CPU time and memory beside the body, for bodies as large as
// a probe reads. Exit 1 where one takes more than 50 ms or more than twice the byte cap.
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "daemon/config/contracts.h"
#include "probes/families/stream_reading.h"
#include "tests/daemon/config/sample_replies.h"

namespace {

using namespace smokeledger;
namespace core = probes::core;

constexpr std::size_t cap = core::reply_byte_cap;
constexpr double most_milliseconds = 50;
constexpr long most_kib = 2 * static_cast<long>(cap) / 1024;

std::string repeated(const std::string& front, const std::string& part, const std::string& back) {
  std::string body = front;
  body.reserve(cap + core::BodyView::room);
  while (body.size() + part.size() + back.size() <= cap) body += part;
  return body += back;
}

struct Body {
  const char* name;
  bool stream;
  std::string bytes;
};

std::vector<Body> bodies() {
  const std::string chat(tests::replies::whole(core::EndpointFamily::chat_completions));
  const std::string chunk =
      "data: " + tests::replies::events(core::EndpointFamily::chat_completions)[1].data + "\n\n";
  const std::string start = R"({"object":"chat.completion","choices":[)";
  return {
      {"one long text", false, repeated(R"({"object":")", "a", "\"}")},
      {"a text of escapes", false, repeated(R"({"object":")", "\\u0041", "\"}")},
      {"small numbers", false, repeated("{\"n\":[0", ",0", "]}")},
      {"numbers beyond a double", false, repeated("{\"n\":[0", ",1e999", "]}")},
      {"lone surrogates", false, repeated(R"({"s":")", "\\ud800", "\"}")},
      {"empty choices", false, repeated(start + "{}", ",{}", "]}")},
      {"choices with every member twice",
       false,
       repeated(start + "{}", R"(,{"index":1,"index":2})", "]}")},
      {"members", false, repeated("{\"a\":1", ",\"b\":2", "}")},
      {"one member again and again", false, repeated("{\"id\":1", ",\"id\":2", "}")},
      {"open brackets", false, repeated("", "[", "")},
      {"documents", false, repeated(chat, chat, "")},
      {"quotes", false, repeated("{\"a\":\"", "\\\"", "")},
      {"blanks", false, repeated("", " ", "")},
      {"chunks of a stream", true, repeated("", chunk, "data: [DONE]\n\n")},
      {"events of nothing", true, repeated("", "data\n\n", "")},
      {"lines of one event", true, repeated("", "data: a\n", "\n")},
      {"comments", true, repeated("", ":\n", "")},
      {"line ends", true, repeated(": x\n", "\r", "")},
      {"one long event", true, repeated("data: {\"object\":\"", "a", "\"}\n\n")},
      {"choices that never end",
       true,
       repeated("",
                R"(data: {"choices":[{"index":1},{"index":2},{"index":3}]})"
                "\n\n",
                "")},
  };
}

struct Cost {
  double milliseconds = 0;
  long kib = 0;  // at the peak
};

// In a process of its own, so that its peak is its own.
Cost cost_of(const std::function<void()>& work) {
  int pipe_ends[2];
  if (::pipe(pipe_ends) != 0) std::abort();
  const pid_t child = ::fork();
  if (child == 0) {
    timespec before{}, after{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    work();
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    const double milliseconds = 1e3 * static_cast<double>(after.tv_sec - before.tv_sec) +
                                1e-6 * static_cast<double>(after.tv_nsec - before.tv_nsec);
    if (::write(pipe_ends[1], &milliseconds, sizeof milliseconds) < 0) ::_exit(1);
    ::_exit(0);
  }
  Cost cost;
  if (::read(pipe_ends[0], &cost.milliseconds, sizeof cost.milliseconds) < 0) std::abort();
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
  rusage usage{};
  int status = 0;
  ::wait4(child, &status, 0, &usage);
  if (status != 0) std::abort();
  cost.kib = usage.ru_maxrss;
  return cost;
}

}  // namespace

int main() {
  // Large blocks come fresh from the kernel, so that none hides in pages that were used before.
  ::mallopt(M_MMAP_THRESHOLD, 64 * 1024);
  const auto loaded = daemon::config::load_contracts("");
  const core::Contract& contract = *loaded.contracts.at(0);
  bool good = true;
  auto all = bodies();
  for (Body& body : all) {
    body.bytes.reserve(body.bytes.size() + core::BodyView::room);  // as the transport leaves it
    // The same pages are touched without the reader first: the rest is what judging needs.
    const Cost nothing = cost_of([&] { (void)body.bytes.find('\x01'); });
    const Cost cost = cost_of([&] {
      body.stream
          ? (void)probes::families::read_stream(contract, 200, "text/event-stream", body.bytes, cap)
          : (void)core::check(contract, 200, "application/json", body.bytes, cap);
    });
    const long kib = cost.kib - nothing.kib;
    const bool fits = cost.milliseconds <= most_milliseconds && kib <= most_kib;
    good = good && fits;
    std::printf(
        "%-34s %7.2f ms %6ld KiB%s\n", body.name, cost.milliseconds, kib, fits ? "" : "  TOO MUCH");
  }
  std::printf("limits: %.0f ms, %ld KiB beside a body of %zu KiB\n",
              most_milliseconds,
              most_kib,
              cap / 1024);
  return good ? 0 : 1;
}
