#include "probes/core/class_table.h"

#include <gtest/gtest.h>

namespace smokeledger::probes::core {
namespace {

using enum AfterFailure;

TEST(ClassTable, RetriesOnlyWhatLooksTransient) {
  const ClassTable table = documented_classes();
  for (const Reason reason : every<Reason>()) {
    const bool transient = reason == Reason::throttled || reason == Reason::overloaded ||
                           reason == Reason::server_error || reason == Reason::timeout ||
                           reason == Reason::dns || reason == Reason::connect ||
                           reason == Reason::local_network;
    EXPECT_EQ(retries(after(table, reason)), transient) << word(reason);
  }
}

TEST(ClassTable, LetsAccountRefusalsBeWalkedAroundButNeverRetried) {
  for (const Reason reason : {Reason::auth, Reason::account_state}) {
    EXPECT_EQ(after(documented_classes(), reason), escalate);
    EXPECT_TRUE(may_choose(reason, fall_back));
    EXPECT_FALSE(may_choose(reason, retry));
    EXPECT_FALSE(may_choose(reason, retry_then_fall_back));
  }
}

TEST(ClassTable, LetsNobodyRetryWhatCameBehindAStatusLineOfSuccess) {
  for (const Reason reason : {Reason::in_stream_error,
                              Reason::truncated,
                              Reason::shape_rejected,
                              Reason::too_large,
                              Reason::protocol}) {
    EXPECT_FALSE(may_choose(reason, retry)) << word(reason);
    EXPECT_TRUE(may_choose(reason, fall_back)) << word(reason);
  }
}

TEST(ClassTable, LetsEveryReasonEscalate) {
  for (const Reason reason : every<Reason>()) EXPECT_TRUE(may_choose(reason, escalate));
}

TEST(ClassTable, KnowsNoWayAroundAWrongProbeOrThisHostsNetwork) {
  EXPECT_FALSE(may_choose(Reason::probe_defect, fall_back));
  EXPECT_FALSE(may_choose(Reason::local_network, fall_back));
  EXPECT_FALSE(may_choose(Reason::local_network, retry_then_fall_back));
  EXPECT_TRUE(may_choose(Reason::local_network, retry));
}

}  // namespace
}  // namespace smokeledger::probes::core
