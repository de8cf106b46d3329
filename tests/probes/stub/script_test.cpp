#include "probes/stub/script.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace smokeledger::probes::stub {
namespace {

TEST(Scripts, HaveDistinctNamesThatFitIntoAPathAndADescriptionThatIsASentence) {
  std::set<std::string_view> names;
  for (const Script& script : scripts()) {
    EXPECT_TRUE(names.insert(script.name).second) << script.name << " twice";
    EXPECT_EQ(script.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
              std::string_view::npos)
        << script.name;
    EXPECT_TRUE(script.description.ends_with('.')) << script.name;
    EXPECT_GE(script.step_count, 1U) << script.name;
    EXPECT_LE(script.step_count, max_steps) << script.name;
  }
}

TEST(Scripts, AreFoundByNameWithDashesOrUnderscores) {
  for (const Script& script : scripts()) EXPECT_EQ(find_script(script.name), &script);
  EXPECT_EQ(find_script("hang_before_headers"), find_script("hang-before-headers"));
  EXPECT_NE(find_script("hang_before_headers"), nullptr);
  EXPECT_EQ(find_script("no-such-script"), nullptr);
  EXPECT_EQ(find_script(""), nullptr);
}

TEST(Scripts, RepeatTheirLastStep) {
  const Script& script = *find_script("recover-after-2");
  EXPECT_EQ(step_for(script, 1), FaultKind::throttled);
  EXPECT_EQ(step_for(script, 2), FaultKind::throttled);
  EXPECT_EQ(step_for(script, 3), FaultKind::ok);
  EXPECT_EQ(step_for(script, 1'000'000), FaultKind::ok);
}

}  // namespace
}  // namespace smokeledger::probes::stub
