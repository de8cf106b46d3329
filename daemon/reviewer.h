// Records what people say of outcomes and packets, and decisions that they made themselves. io
// thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

#include "daemon/journal.h"
#include "daemon/packet_keeper.h"

namespace smokeledger::daemon {

class Reviewer {
 public:
  // The line's ledger id when it is durable, or why it was not recorded.
  struct NotRecorded {
    bool refused = false;  // what was said cannot be recorded; else the ledger could not be written
    std::string why;
  };
  using Answer = boost::system::result<std::string, NotRecorded>;
  using Done = std::function<void(const Answer&)>;

  // Both outlive it. `newest_seq`: of the ledger as it was opened.
  Reviewer(Journal& journal, PacketKeeper& packets, std::uint64_t newest_seq)
      : journal_(journal), packets_(packets), newest_seq_(newest_seq) {}

  // What operator_line() reads. A review or a decision on lines that are not there yet is refused.
  void record(std::string_view json, std::optional<std::uint32_t> caller_uid, Done);

  // No more: each is answered at once that it was not written.
  void stop() { stopped_ = true; }

 private:
  Journal& journal_;
  PacketKeeper& packets_;
  std::uint64_t newest_seq_;
  bool stopped_ = false;
};

}  // namespace smokeledger::daemon
