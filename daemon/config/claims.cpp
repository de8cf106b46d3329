#include <algorithm>
#include <array>
#include <span>

#include "daemon/config/secrets.h"
#include "daemon/config/section.h"
#include "probes/core/claims_guard.h"

namespace smokeledger::daemon::config {
namespace {

using probes::core::WordsOf;

// Where a text stands that somebody reads later. `*` is any name; with it at the end, the name
// itself is the text. What is not here is never shown, or is a provider's spelling: models,
// addresses, error codes.
struct GuardedText {
  std::string_view path;
  WordsOf whose;
};
constexpr std::array config_texts{
    GuardedText{"ledger.name", WordsOf::ours},
    GuardedText{"environment.name", WordsOf::ours},
    GuardedText{"environment.owner", WordsOf::others},
    GuardedText{"environment.versions.*", WordsOf::others},
    GuardedText{"hosted.versions.*", WordsOf::others},
    GuardedText{"windows.*", WordsOf::ours},
    GuardedText{"providers.*", WordsOf::ours},
    GuardedText{"routes.*", WordsOf::ours},
    GuardedText{"routes.*.model_link", WordsOf::others},
    GuardedText{"probes.name", WordsOf::ours},
    GuardedText{"probes.owner", WordsOf::others},
    GuardedText{"probes.evidence_links", WordsOf::others},
};
constexpr std::array contract_texts{
    GuardedText{"docs_home", WordsOf::others},
    GuardedText{"support", WordsOf::others},
    GuardedText{"sources.url", WordsOf::others},
    GuardedText{"sources.purpose", WordsOf::ours},
    GuardedText{"tolerations.what", WordsOf::ours},
    GuardedText{"tolerations.reason", WordsOf::ours},
    GuardedText{"tolerations.source", WordsOf::others},
};

void refuse_claim(
    Errors& errors, Position at, std::string_view text, const std::string& path, WordsOf whose) {
  for (const auto& claim : find_claims(text, whose)) {
    const std::string subject(word(claim.subject));
    errors.add(at,
               path + " says " + shown(claim.words) + ", a claim about " + subject,
               "write what is sent or decided; no smoke test shows " + subject);
  }
}

void guard_value(Errors& errors, const Node& node, const std::string& path, WordsOf whose) {
  if (node.type == Node::Type::text) refuse_claim(errors, node.at, node.text, path, whose);
  for (const Node& item : node.items) guard_value(errors, item, path, whose);
}

// `rest` is the part of the row's path that is below `node`.
void guard_below(Errors& errors,
                 const Node& node,
                 const std::string& path,
                 std::string_view rest,
                 WordsOf whose) {
  if (rest.empty()) return guard_value(errors, node, path, whose);
  for (const Node& item : node.items) guard_below(errors, item, path, rest, whose);
  const std::string_view now = rest.substr(0, rest.find('.'));
  const std::string_view below = rest.substr(std::min(now.size() + 1, rest.size()));
  for (const auto& [name, member] : node.members) {
    if (now != "*" && now != name) continue;
    const std::string here = join_path(path, name);
    if (now == "*" && below.empty()) {
      refuse_claim(errors, member.key_at, name, here, whose);
    } else {
      guard_below(errors, member, here, below, whose);
    }
  }
}

}  // namespace

void refuse_claims(Errors& errors, const Node& root, ClaimsIn where) {
  const std::span<const GuardedText> rows = where == ClaimsIn::config
                                                ? std::span<const GuardedText>(config_texts)
                                                : std::span<const GuardedText>(contract_texts);
  for (const GuardedText& row : rows) guard_below(errors, root, "", row.path, row.whose);
}

}  // namespace smokeledger::daemon::config
