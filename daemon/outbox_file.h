// A packet as files in the outbox folder. On the calling thread, and it may take a while.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace smokeledger::daemon {

// Why files cannot be put there, as far as can be seen before; empty: nothing is known against it.
std::string folder_defect(const std::filesystem::path& folder);

// Puts a file there whole or not at all, and durably: under a hidden name first, mode 0640.
// Replaces what has the name. Why it could not; empty: it is there.
std::string put_file(const std::filesystem::path& folder,
                     const std::string& name,
                     std::string_view bytes);

}  // namespace smokeledger::daemon
