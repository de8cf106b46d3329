#include "probes/stub/script.h"

#include <set>
#include <string>
#include <utility>

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
  }
}

TEST(Scripts, AreFoundByNameWithDashesOrUnderscores) {
  for (const Script& script : scripts()) EXPECT_EQ(find_script(script.name), &script);
  EXPECT_EQ(find_script("hang_before_headers"), find_script("hang-before-headers"));
  EXPECT_NE(find_script("hang_before_headers"), nullptr);
  EXPECT_EQ(find_script("no-such-script"), nullptr);
  EXPECT_EQ(find_script(""), nullptr);
}

TEST(Scripts, RecoverAfterAsManyArrivalsAsTheirNameSays) {
  for (std::size_t times = 1; times <= 10; ++times) {
    const std::string name = "recover-after-" + std::to_string(times);
    ASSERT_NE(find_script(name), nullptr) << name;
    ASSERT_NE(find_script(name + "-ms"), nullptr) << name;
    const std::pair<const Script&, FaultKind> both[] = {
        {*find_script(name), FaultKind::throttled},
        {*find_script(name + "-ms"), FaultKind::throttled_retry_after_ms}};
    for (const auto& [script, first] : both) {
      EXPECT_EQ(step_for(script, 1), first) << script.name;
      EXPECT_EQ(step_for(script, times), first) << script.name;
      EXPECT_EQ(step_for(script, times + 1), FaultKind::ok) << script.name;
      EXPECT_EQ(step_for(script, 1'000'000), FaultKind::ok) << script.name;
    }
  }
}

TEST(Scripts, SayTheirSteps) {
  EXPECT_EQ(steps_text(*find_script("throttled")), "throttled");
  EXPECT_EQ(steps_text(*find_script("recover-after-1")), "throttled, ok");
  EXPECT_EQ(steps_text(*find_script("recover-after-10-ms")), "10 throttled-retry-after-ms, ok");
}

}  // namespace
}  // namespace smokeledger::probes::stub
