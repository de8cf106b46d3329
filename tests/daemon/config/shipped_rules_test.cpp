// Every rule of the shipped contracts, one at a time: it holds for a sample reply and fails where
// the sample is spoiled in just that place.
#include <algorithm>
#include <functional>

#include <gtest/gtest.h>

#include "daemon/config/contracts.h"
#include "probes/families/stream_reading.h"
#include "tests/daemon/config/sample_replies.h"
#include "tests/daemon/config/spoiled.h"

namespace smokeledger::daemon::config {
namespace {

using core::EndpointFamily;
using core::FindingCode;
using core::Verdict;
namespace replies = tests::replies;

const core::Contract& shipped(EndpointFamily family) {
  static const ContractsResult loaded = load_contracts("");
  return *loaded.contracts.at(static_cast<std::size_t>(family));
}

bool has_finding(const core::Reading& reading, FindingCode code, const std::string& path) {
  return std::find(reading.findings.begin(), reading.findings.end(), core::Finding{code, path}) !=
         reading.findings.end();
}

std::string shown(const core::Reading& reading) {
  std::string out(core::word(reading.verdict));
  for (const auto& finding : reading.findings) {
    out += " [" + std::string(core::word(finding.code)) + ' ' + finding.path + ']';
  }
  return out;
}

// A value of a type that the rule does not allow.
std::string_view unfitting(const core::ReplyRule& rule) {
  const bool boolean =
      std::find(rule.types.begin(), rule.types.end(), core::JsonType::boolean) != rule.types.end();
  return boolean ? "\"x\"" : "true";
}

// Reads a document in which one place was changed.
using ReadDocument = std::function<core::Reading(const std::string&)>;

// Spoils the sample in each way that the rule forbids.
void expect_live(const core::ReplyRule& rule,
                 std::string_view sample,
                 const std::string& where,
                 const ReadDocument& read) {
  const auto place = tests::first_place(sample, rule);
  ASSERT_TRUE(place) << rule.path << ' ' << rule.when_value << " is not in the sample";
  if (place->is_root) return;
  const std::string at = where.empty() ? place->path : where + '.' + place->path;
  const auto spoiled = [&](std::string_view value) {
    return read(tests::with(sample, place->path, value));
  };
  const core::Reading typed = spoiled(unfitting(rule));
  EXPECT_TRUE(has_finding(typed, FindingCode::wrong_type, at)) << at << ": " << shown(typed);
  if (rule.required && !at.ends_with(']')) {
    const core::Reading missing = read(tests::without(sample, place->path));
    EXPECT_TRUE(has_finding(missing, FindingCode::missing_member, at))
        << at << ": " << shown(missing);
  }
  if (!rule.values.empty() && !rule.open) {
    const core::Reading other = spoiled("\"no such value\"");
    EXPECT_TRUE(has_finding(other, FindingCode::undocumented_value, at)) << shown(other);
  }
  if (rule.not_empty) {
    EXPECT_TRUE(has_finding(spoiled("\"\""), FindingCode::empty_string, at)) << at;
  }
  if (rule.min_items > 0) {
    EXPECT_TRUE(has_finding(spoiled("[]"), FindingCode::too_few_items, at)) << at;
  }
  if (!rule.item_types.empty()) {
    EXPECT_TRUE(has_finding(spoiled("[true]"), FindingCode::wrong_type, at)) << at;
  }
  if (!rule.any_of.empty()) {
    EXPECT_TRUE(has_finding(spoiled("{}"), FindingCode::no_alternative, at)) << at;
  }
}

TEST(ShippedContracts, AcceptTheirSampleReplyAndReadItsFacts) {
  for (const auto family : core::every<EndpointFamily>()) {
    const core::Reading reading =
        core::check(shipped(family), 200, "application/json", replies::whole(family));
    EXPECT_EQ(reading.verdict, Verdict::documented_shape)
        << core::word(family) << ": " << shown(reading);
    EXPECT_EQ(reading.additive, 0U) << core::word(family);
    EXPECT_EQ(reading.served_model, "small-model") << core::word(family);
    EXPECT_NE(reading.object_family, core::ObjectFamily::other) << core::word(family);
    ASSERT_TRUE(reading.tokens) << core::word(family);
    EXPECT_EQ(reading.tokens->output, family == EndpointFamily::embeddings ? 0U : 2U);
  }
}

TEST(ShippedContracts, HaveNoReplyRuleThatCannotFail) {
  for (const auto family : core::every<EndpointFamily>()) {
    const core::Contract& contract = shipped(family);
    for (const core::ReplyRule& rule : contract.rules) {
      expect_live(rule, replies::whole(family), "", [&](const std::string& json) {
        return core::check(contract, 200, "application/json", json);
      });
    }
  }
}

TEST(ShippedContracts, ReadTheirErrorEnvelopeWithAnyStatusAndNoOther) {
  for (const auto family : core::every<EndpointFamily>()) {
    const core::Contract& contract = shipped(family);
    for (const int status : {200, 429, 500}) {
      const core::Reading reading =
          core::check(contract, status, "application/json", replies::error(family));
      EXPECT_EQ(reading.verdict, Verdict::error_object) << core::word(family) << shown(reading);
    }
    for (const core::ReplyRule& rule : contract.error_rules) {
      if (rule.path == "error") continue;  // without it there is no error to read
      expect_live(rule, replies::error(family), "", [&](const std::string& json) {
        return core::check(contract, 429, "application/json", json);
      });
    }
  }
}

TEST(ShippedContracts, AcceptTheirSampleStreamAndReadItsFacts) {
  for (const auto family : core::every<EndpointFamily>()) {
    const core::Contract& contract = shipped(family);
    if (!contract.stream) continue;
    const core::Reading reading = probes::families::read_stream(
        contract, 200, "text/event-stream", replies::text(replies::events(family)));
    EXPECT_EQ(reading.verdict, Verdict::documented_shape)
        << core::word(family) << ": " << shown(reading);
    EXPECT_EQ(reading.additive, 0U) << core::word(family);
    EXPECT_EQ(reading.served_model, "small-model") << core::word(family);
    ASSERT_TRUE(reading.tokens) << core::word(family);
    EXPECT_EQ(*reading.tokens, (core::Tokens{7, 2})) << core::word(family);
  }
}

TEST(ShippedContracts, HaveNoStreamRuleThatCannotFail) {
  for (const auto family : core::every<EndpointFamily>()) {
    const core::Contract& contract = shipped(family);
    if (!contract.stream) continue;
    const auto events = replies::events(family);
    for (const core::EventRules& of : contract.stream->events) {
      // The terminal events of responses are shaped alike; the sample has one of them.
      if (of.event == "response.incomplete" || of.event == "response.failed") continue;
      for (const core::ReplyRule& rule : of.rules) {
        const auto about = std::find_if(events.begin(), events.end(), [&](const auto& event) {
          return (of.event.empty() || event.name == of.event) && event.data != "[DONE]" &&
                 tests::first_place(event.data, rule);
        });
        ASSERT_NE(about, events.end()) << of.event << ' ' << rule.path;
        const auto index = static_cast<std::size_t>(about - events.begin());
        const std::string where = "event[" + std::to_string(index) + "]";
        expect_live(rule, about->data, where, [&](const std::string& json) {
          auto spoiled = events;
          spoiled[index].data = json;
          return probes::families::read_stream(contract, 200, "", replies::text(spoiled));
        });
      }
    }
  }
}

}  // namespace
}  // namespace smokeledger::daemon::config
