// Recognises what looks like a credential, so that one pasted into a file is refused and never
// repeated. A heuristic: it would rather ask about an innocent value than pass a secret.
#pragma once

#include <string>
#include <string_view>

namespace smokeledger::daemon::config {

// What a credential is called where none is given; runs of such a probe are paused.
inline constexpr std::string_view credential_placeholder = "<API_KEY_PLACEHOLDER>";

enum class Digests { refused, allowed };  // 40 or 64 lower-case hex digits: a commit, a SHA-256

// Known prefixes (sk-..., Bearer ..., and the like), key blocks, a password in a URL, and long
// strings that look random. Absolute paths are only searched for known prefixes.
bool looks_like_secret(std::string_view text, Digests digests = Digests::refused);

// `'text'` for a message: shortened, printable, and `(not shown)` where it looks like a secret.
std::string shown(std::string_view text);

}  // namespace smokeledger::daemon::config
