// The stub's section and the drill table of a probe. Internal to read_config().
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/config/readers.h"

namespace smokeledger::daemon::config {

StubConfig read_stub(Errors&, const Section& root);

// What the probe's `drill` says, or that it may not stand there; then the plan's routes are those
// that the drill calls. To be called when mode, expect and routes of the plan are read.
void read_drill(Errors&, const Section& probe, const StubConfig&, core::ProbePlan&);

// What depends on the probe's schedule and retry policy: at most daily where a live provider is
// called; the budget of a walk that declares none.
void finish_drill(Errors&, Position probe, const Section& schedule, core::ProbePlan&);

// Of the drill's own table: who may declare what, and the scripts by their own spelling (none where
// one is unknown).
void read_terms(Errors&, const Section& drill, core::DrillPlan&);
std::vector<std::string> read_scripts(Errors&, const Section& drill);

// `a walk drill`, as an error says it.
std::string kind_of(const core::DrillPlan&);
void refuse_given(const Section&,
                  std::initializer_list<std::string_view> keys,
                  const std::string& where);

}  // namespace smokeledger::daemon::config
