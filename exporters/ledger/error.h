// Errors of the ledger, as values.
#pragma once

#include <stdexcept>
#include <string>

#include <boost/system/result.hpp>

namespace smokeledger::exporters::ledger {

enum class LedgerErrorKind {
  locked,    // another process writes this ledger
  corrupt,   // damage that is not a torn tail: nothing is appended
  io,        // the disk refused; what was being appended is not acknowledged
  no_space,  // the disk is too full to begin; nothing was written, and runs under way can end
  unusable,  // no such directory, a name that does not match, not a ledger
};

struct LedgerError {
  LedgerErrorKind kind{};
  std::string message;  // names the file, the sequence number or byte offset, and what to do
};

template <class T>
using Result = boost::system::result<T, LedgerError>;

[[noreturn]] inline void throw_exception_from_error(const LedgerError& e,
                                                    const boost::source_location&) {
  throw std::runtime_error(e.message);
}

}  // namespace smokeledger::exporters::ledger
