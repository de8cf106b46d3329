// The pages of a ledger: what is configured and what its lines add up to, held ready, and the lines
// themselves, read when they are asked for. On one thread, never that of the service: reading takes
// a while, within the bounds that the caller sets. Memory: one History, and one stretch of the
// ledger while it is read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exporters/ledger/query.h"
#include "exporters/page/reviewed.h"
#include "exporters/page/view.h"
#include "probes/core/contract_review.h"
#include "probes/core/packet_lines.h"
#include "probes/core/plan.h"
#include "probes/core/review.h"

namespace smokeledger::exporters::page {

inline constexpr std::size_t outcomes_shown = 50;  // on one page
inline constexpr std::size_t probes_shown = 200;
inline constexpr std::size_t waiting_shown = 50;

class Pages {
 public:
  struct Setup {
    std::filesystem::path dir;
    std::string ledger;  // its name
    std::string build;
    std::uint64_t newest_seq = 0;  // of the last line that observe() is not told of
    core::ReviewQueue waiting;     // as that line left it
    core::PacketBook packets;      // likewise; outcomes of probes are not looked at
  };
  explicit Pages(Setup setup);

  struct Configured {
    std::string environment;
    std::vector<std::shared_ptr<const core::ProbePlan>> plans;
    core::ContractReviews reviews;
  };
  void use(Configured);
  // Empty: it is not known, or the probe is gone.
  void set_next_due(const std::string& probe, std::optional<core::WallTime>);
  // Every line that becomes durable, in order.
  void observe(const ledger::LedgerRecord&);

  // Reads the reviews, and then the next older stretch of what observe() was not told of, back to
  // the first day that is shown; false: nothing is left to read. Until then the pages say what is
  // not counted.
  bool read_back(core::WallTime now);

  struct Answer {
    int status = 200;
    std::string html;
  };
  struct Asked {
    std::string_view what;  // the query of an overview, the ledger id of a line; not decoded
    core::WallTime now{};
    std::function<bool()> out_of_time;  // asked after each stretch
  };
  Answer overview(const Asked&) const;
  Answer line(const Asked&) const;

 private:
  Site site(core::WallTime now) const;
  Answer refuse(core::WallTime now, int status, std::string title, std::string sentence) const;
  Answer refuse(core::WallTime now, const ledger::LedgerError&) const;
  std::optional<ledger::LedgerError> find_outcomes(Overview&, const Asked&) const;

  Setup setup_;
  std::uint64_t newest_seq_;
  Configured configured_;
  std::map<std::string, core::WallTime> due_;
  History history_;
  Reviewed reviewed_;
  core::PacketBook packets_;
  std::optional<ledger::NewestFirst> past_;     // empty: not begun, or at its end
  std::optional<core::WallTime> counted_from_;  // while it is being read
  bool read_back_ = false;                      // nothing is left
  std::string not_counted_;                     // why not
};

}  // namespace smokeledger::exporters::page
