// Schedule and retry policy of one probe: its own keys over the file's defaults. Internal to
// read_config().
#pragma once

#include <string>

#include "daemon/config/readers.h"
#include "daemon/config/section.h"
#include "probes/core/plan.h"

namespace smokeledger::daemon::config {

probes::core::Schedule read_schedule(Errors&,
                                     const Section&,
                                     const Named<core::QuietWindow>&,
                                     probes::core::Schedule defaults);
probes::core::RetryPolicy read_retry(Errors&, const Section&, probes::core::RetryPolicy defaults);

// Where a merged value was written: in the probe's own section, in the defaults, or nowhere, which
// is the probe itself.
class Origin {
 public:
  Origin(const Section& own, const Section& defaults, Position probe)
      : own_(own), defaults_(defaults), probe_(probe) {}

  Position of(std::string_view key) const;
  // The file gives `key`, and not as a default for all probes where this one has its own `beside`.
  bool meant(std::string_view key, std::string_view beside) const;

 private:
  const Section& own_;
  const Section& defaults_;
  Position probe_;
};

// The rules between values of one probe. REQUIRES: every route of the plan is set.
void check_schedule(Errors&, const probes::core::ProbePlan&, const Origin&);
void check_retry(Errors&,
                 const probes::core::ProbePlan&,
                 const Origin& retry,
                 const Origin& schedule);

}  // namespace smokeledger::daemon::config
