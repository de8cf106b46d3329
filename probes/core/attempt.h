// One HTTP request of a run: what came back, and how it is classed.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "probes/core/plan.h"
#include "probes/core/reading.h"
#include "probes/core/reason.h"
#include "probes/core/time.h"

namespace smokeledger::probes::core {

struct Header {
  std::string name;  // lower case
  std::string value;
};

// A complete HTTP reply, with the body as a client reads it. Lives only while it is judged.
struct Reply {
  int http_status = 0;
  std::vector<Header> headers;
  std::string body;

  std::string_view header(std::string_view lower_case_name) const;  // empty if absent
};

// No complete reply. `http_status` is set when the status line had arrived; `partial` is then what
// came of the reply: a stream can have said all there was to say before its connection broke.
struct Fault {
  Reason reason = Reason::protocol;
  std::optional<int> http_status = {};
  std::optional<Reply> partial = {};
};

using Exchange = std::variant<Reply, Fault>;
// The reply, or the part of one that came; null when nothing can be read.
const Reply* readable_reply(const Exchange&);

// forbidden: the reply asked for no further attempt, and none was made on its route.
enum class RetryAfterSeen { absent, obeyed, capped, ignored, forbidden };
template <>
struct Words<RetryAfterSeen> {
  static constexpr std::array<std::string_view, 5> list{
      "absent", "obeyed", "capped", "ignored", "forbidden"};
};

// The result of one attempt, as it stands in an outcome line.
struct Attempt {
  std::string route;
  EndpointFamily family{};
  std::string provider;
  std::string contract_version;
  std::string request_id;           // ours
  std::string provider_request_id;  // theirs, limited to [A-Za-z0-9._:-] and 80 characters
  WallTime sent_at{};
  std::optional<int> http_status;
  StatusClass status_class = StatusClass::unknown;
  FailureClass failure_class = FailureClass::terminal;
  Reason reason = Reason::unknown_crash;
  ObjectFamily object_family = ObjectFamily::none;
  ParserResult parser_result = ParserResult::not_checked;
  std::vector<Finding> findings;  // at most max_findings
  std::uint32_t findings_left_out = 0;
  std::uint32_t additive = 0;
  Milliseconds planned_wait{0};  // before this attempt, by our policy
  RetryAfterSeen retry_after =
      RetryAfterSeen::absent;  // what was done with this reply's Retry-After
  ServedModelMatch served_model_match = ServedModelMatch::absent;
  // As the gateway tells of this call; empty: it does not say, or cannot know.
  std::optional<std::uint32_t> gateway_retries;
  std::optional<std::uint32_t> gateway_fallbacks;
  std::optional<Tokens> tokens;

  bool operator==(const Attempt&) const = default;
  bool usable() const { return failure_class == FailureClass::none; }
};

inline constexpr std::size_t max_findings = 8;
inline constexpr std::size_t max_links = 4;

StatusClass status_class_of(int http_status);

struct Classification {
  FailureClass failure_class = FailureClass::terminal;
  Reason reason = Reason::protocol;
};
// The class that every attempt with this reason has, whatever its status.
FailureClass failure_class_of(Reason);
// Whether a status line may have arrived; the other reasons end a request before that.
bool is_of_a_reply(Reason);
// Pure. `reading` is the reply body read by its contract.
Classification classify(const Contract&, int http_status, const Reading&);
Classification classify(const Fault&);

// What the interpreter knows when it sends.
struct AttemptStart {
  std::string request_id;
  WallTime sent_at{};
  Milliseconds planned_wait{0};
};

// Judges one exchange on a route. `reading`: of the reply, or of a fault's partial one. `required`:
// what a usable reply has to tell where the route goes through a gateway. Pure.
Attempt judge(const Route&,
              const AttemptStart&,
              const Exchange&,
              const Reading&,
              std::span<const Evidence> required = {});

}  // namespace smokeledger::probes::core
