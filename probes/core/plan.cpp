#include "probes/core/plan.h"

namespace smokeledger::probes::core {

Mode sends_as(const ProbePlan& plan) {
  if (!plan.drill) return plan.mode;
  if (plan.drill->live != LiveDrill::none) return Mode::direct;
  switch (plan.drill->of) {
    case DrillOf::walk:
      return Mode::walk;
    case DrillOf::gateway:
      return Mode::gateway;
    case DrillOf::client:
      break;
  }
  return Mode::direct;
}

bool is_client_drill(const ProbePlan& plan) {
  return plan.drill && plan.drill->of == DrillOf::client;
}

bool is_counted_by_stub(const ProbePlan& plan) {
  return plan.drill && plan.drill->live == LiveDrill::none;
}

}  // namespace smokeledger::probes::core
