// How far a long reading has come.
#pragma once

#include <cstdint>
#include <functional>

namespace smokeledger::exporters::ledger {

// Called now and then on the calling thread: how many of all bytes were read.
using Progress = std::function<void(std::uint64_t done_bytes, std::uint64_t all_bytes)>;

}  // namespace smokeledger::exporters::ledger
