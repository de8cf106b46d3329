// A run in a world of twins: virtual time, fixed chance, scripted replies.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "probes/run/run.h"
#include "tests/support/plans.h"
#include "tests/support/run_twins.h"

namespace smokeledger::tests {

inline core::Reply overloaded() {
  return reply(503, R"({"error":{"code":"overloaded"}})");
}

// A world with the draw fixed at one half: the waits of the default policy are 250 ms, 500 ms, 1 s.
struct House {
  explicit House(std::vector<core::Exchange> script, std::uint32_t in_all = 2)
      : transport(clock, std::move(script)), slots(in_all) {}

  std::unique_ptr<probes::run::Run> run(const core::ProbePlan& plan, std::uint32_t number = 1) {
    probes::run::RunSetup setup;
    setup.plan = std::make_shared<core::ProbePlan>(plan);
    setup.check_id = "chat-walk-20261121-00" + std::to_string(number);
    setup.ledger_tag = "1a2b3c4d";
    setup.build = "0.1.0";
    setup.secrets = secrets;
    setup.pressure = pressure;
    return std::make_unique<probes::run::Run>(
        probes::run::World{clock, random, transport, slots, retry_tokens},
        std::move(setup),
        [this](core::Outcome outcome) {
          ended_at.push_back(clock.now().time_since_epoch());
          outcomes.push_back(std::move(outcome));
        });
  }
  // Starts a run and lets the world go on until nothing is left to happen.
  core::Outcome whole(const core::ProbePlan& plan) {
    const auto made = run(plan);
    made->start();
    clock.run_until_idle();
    EXPECT_EQ(outcomes.size(), 1U);
    EXPECT_EQ(slots.in_flight(), 0U);
    return outcomes.empty() ? core::Outcome{} : outcomes.front();
  }
  std::vector<core::Milliseconds> sent_at() const {
    std::vector<core::Milliseconds> at;
    for (const probes::run::Outgoing& out : transport.sent)
      at.push_back(out.line.stamp.boot.time_since_epoch());
    return at;
  }
  std::vector<core::Milliseconds> planned_waits() const {
    std::vector<core::Milliseconds> waits;
    for (const probes::run::Outgoing& out : transport.sent) waits.push_back(out.line.planned_wait);
    return waits;
  }

  std::map<std::string, std::shared_ptr<const probes::run::Secret>> secrets;  // by provider
  std::vector<std::string> pressure;                                          // of every run
  ManualClock clock;
  FixedRandom random{0.5};
  ScriptedTransport transport;
  probes::run::Slots slots;
  core::RetryTokens retry_tokens;
  std::vector<core::Outcome> outcomes;
  std::vector<core::Milliseconds> ended_at;
};

}  // namespace smokeledger::tests
