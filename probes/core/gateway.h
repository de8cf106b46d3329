// Gateways: what a reply that came through one says of the retries and fallbacks made on the way,
// and of the model that served it. A gateway that says nothing leaves the fact unknown: the absence
// of a header proves nothing. docs/gateways.md tells what each one says, and its traps.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "probes/core/words.h"

namespace smokeledger::probes::core {

struct Reply;

enum class Gateway { none, litellm, portkey, envoy, ngrok, cloudflare, openrouter, azure };
template <>
struct Words<Gateway> {
  static constexpr std::array<std::string_view, 8> list{
      "none", "litellm", "portkey", "envoy", "ngrok", "cloudflare", "openrouter", "azure"};
};

// A fact about one call that only the gateway knows.
enum class Evidence { retries, fallbacks, served_model };
template <>
struct Words<Evidence> {
  static constexpr std::array<std::string_view, 3> list{"retries", "fallbacks", "served_model"};
};

// How the value of a header tells a count. Whatever is not written exactly so says nothing.
enum class Tells {
  nothing,         // the gateway has no such header
  count,           // the count itself
  count_or_spent,  // the count, or -1: all retries used, their number not told
  attempts,        // one more than the count: the first attempt is among them
  first_attempt,   // attempts, too: 1 says that the count is 0, more do not say what it is
  target_path,     // config, config.targets[1]: how many targets of its list stand before this one
  flag             // true or false: 1 or 0
};

struct GatewayProfile {
  Gateway gateway{};
  std::string_view retries_header = {};  // lower case, as all names here; empty: none
  Tells retries = Tells::nothing;
  std::string_view fallbacks_header = {};
  Tells fallbacks = Tells::nothing;
  std::string_view model_header = {};  // looked at before the body
  bool body_names_model = true;  // the body's model is the one that served, not the one asked for
  // Retries are counted over the whole call, fallbacks among them; else of the target that answered
  // alone, and after a fallback nobody knows what was spent on those before it.
  bool counts_whole_call = false;
  char prefix_end = '\0';  // ends what stands before the model's own name in a request; 0: nothing
  std::string_view source = {};  // where it is documented
};

// One row per gateway but `none`, in the enumeration's order.
std::span<const GatewayProfile> gateway_profiles();

// Whether replies through this gateway can ever tell it.
bool can_tell(Gateway, Evidence);

struct GatewayEvidence {
  std::optional<std::uint32_t> retries;  // empty: not known
  std::optional<std::uint32_t> fallbacks;
  std::string served_model;  // stays in the process: compared, never written; empty: not told
  // By Evidence: the reply has it in a documented form, though perhaps without a number.
  std::array<bool, every<Evidence>().size()> told{};

  bool tells(Evidence fact) const { return told[static_cast<std::size_t>(fact)]; }
};

// Pure. `model_in_body`: what the body names as its model, empty if nothing. Counts above
// most_counted, signs, leading zeros, blanks, text, and headers that come twice tell nothing.
GatewayEvidence read_evidence(Gateway, const Reply&, std::string_view model_in_body);
inline constexpr std::uint32_t most_counted = 1000;

// How many requests reached what stands behind the gateway for one request to it.
struct UpstreamCalls {
  std::uint64_t at_least = 1;
  bool exact = false;
};
// From the counts as they stand in a line; exactly 1 without a gateway. Pure.
UpstreamCalls upstream_calls(Gateway,
                             std::optional<std::uint32_t> retries,
                             std::optional<std::uint32_t> fallbacks);

// A model's own name in the name by which this gateway is asked for it (`openai/gpt-x` gives
// `gpt-x`); empty where it has no prefix.
std::string_view model_behind_prefix(Gateway, std::string_view asked);

}  // namespace smokeledger::probes::core
