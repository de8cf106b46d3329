// The review pages of the loopback listener. They are made on the projections thread, where the
// ledger is read in short stretches, so that a scrape never waits long. io thread only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/config/config.h"
#include "daemon/journal.h"
#include "daemon/projections.h"
#include "exporters/web/server.h"
#include "probes/core/contract_review.h"
#include "probes/core/packet_lines.h"
#include "probes/core/review.h"

namespace smokeledger::daemon {

class ReviewPages {
 public:
  struct Parts {
    Projections& projections;
    std::filesystem::path ledger_dir;
    std::string ledger_name;
    std::string build;
    std::uint64_t newest_seq = 0;    // of the last line that observe() is not told of
    core::ReviewQueue waiting;       // as that line left it
    core::PacketBook packets;        // likewise
    core::Stamp (*now)() = nullptr;  // on any thread
  };
  explicit ReviewPages(const Parts&);
  ~ReviewPages();  // what is queued may still come to its end, and does nothing
  ReviewPages(const ReviewPages&) = delete;
  ReviewPages& operator=(const ReviewPages&) = delete;

  void use(const config::Config&, const core::ContractReviews&);
  void set_next_due(const std::string& probe, std::optional<core::WallTime>);
  void observe(const Records&);
  // Begins to count the outcomes of the days before this start.
  void read_back();

  // `/`, `/line/*` and `/page.css`. A page that would have to wait behind others is refused: 503.
  std::vector<exporters::web::WebRoute> routes();

 private:
  struct Shared;  // with what is queued on the projections thread
  Projections& projections_;
  std::shared_ptr<Shared> shared_;
};

}  // namespace smokeledger::daemon
