#include "daemon/config/config.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/config/digest.h"
#include "daemon/config/keys.h"
#include "daemon/config/section.h"
#include "tests/daemon/config/sample.h"

namespace smokeledger::daemon::config {
namespace {

using sample::read;
using sample::with;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Config, of_the_shipped_example_is_valid) {
  const auto result = load_config(SMOKELEDGER_SOURCE_DIR "/etc/smokeledger.toml");
  ASSERT_TRUE(result.config) << sample::errors(result);
  std::vector<std::string> names;
  for (const auto& probe : result.config->probes) names.push_back(probe->name);
  EXPECT_THAT(names, ElementsAre("chat-walk", "chat-direct", "responses-direct"));
  EXPECT_THAT(result.config->probes[0]->unresolved, IsEmpty());
}

TEST(Config, holds_what_the_file_says) {
  const std::string text = sample::whole() + R"(
[web]
listen_address = "[::1]:9000"
metrics_listen_address = ":9465"
[control]
socket = "/tmp/c.sock"
[limits]
max_in_flight = 16
)";
  const auto result = read(text);
  ASSERT_TRUE(result.config) << sample::errors(result);
  const Config& config = *result.config;
  EXPECT_EQ(config.file, "f.toml");
  EXPECT_EQ(config.sha256, sha256_hex(text));
  EXPECT_EQ(config.ledger.name, "staging");
  EXPECT_EQ(config.ledger.dir, "/var/lib/smokeledger/ledger");
  EXPECT_EQ(config.web.listen_address, "[::1]:9000");
  EXPECT_EQ(config.web.metrics_listen_address, ":9465");
  EXPECT_EQ(config.control.socket, "/tmp/c.sock");
  EXPECT_EQ(config.limits.max_in_flight, 16U);
  EXPECT_EQ(config.environment, "staging");
  EXPECT_EQ(config.providers.size(), 2U);
  EXPECT_EQ(config.contracts.size(), core::every<core::EndpointFamily>().size());
}

TEST(Config, of_no_more_than_the_required_keys_has_defaults_and_no_probe) {
  const auto result = read(sample::head);
  ASSERT_TRUE(result.config) << sample::errors(result);
  EXPECT_EQ(result.config->ledger.segment_bytes, 64ULL << 20);
  EXPECT_EQ(result.config->web.listen_address, "127.0.0.1:9464");
  EXPECT_THAT(result.config->web.metrics_listen_address, IsEmpty());
  EXPECT_EQ(result.config->control.socket, "/run/smokeledger/control.sock");
  EXPECT_EQ(result.config->limits.max_in_flight, 2U);
  EXPECT_THAT(result.config->probes, IsEmpty());
}

// Every default of the key table that stands for itself, written out as a value.
TEST(Config, is_the_same_with_every_documented_default_written_out) {
  std::string text = sample::whole();
  for (const std::string_view section : {"web", "control", "limits", "schedule", "retry"}) {
    text.append("[").append(section).append("]\n");
    for (const KeyInfo& row : section_keys(config_keys(), section)) {
      text.append(row.key).append(" = ").append(row.fallback).append("\n");
    }
  }
  text = text.replace(text.find("ledger\" }"), 9, "ledger\", segment_size = \"64MiB\" }");

  const auto plain = read(sample::whole());
  const auto written = read(text);

  ASSERT_TRUE(written.config) << sample::errors(written);
  EXPECT_EQ(written.config->probes[0]->policy_sha256, plain.config->probes[0]->policy_sha256);
  EXPECT_EQ(written.config->web.listen_address, plain.config->web.listen_address);
  EXPECT_EQ(written.config->web.metrics_listen_address, plain.config->web.metrics_listen_address);
  EXPECT_EQ(written.config->control.socket, plain.config->control.socket);
  EXPECT_EQ(written.config->limits.max_in_flight, plain.config->limits.max_in_flight);
  EXPECT_EQ(written.config->ledger.segment_bytes, plain.config->ledger.segment_bytes);
}

TEST(Config, may_begin_with_a_byte_order_mark) {
  EXPECT_TRUE(read("\xEF\xBB\xBF" + sample::whole()).config);
}

TEST(Config, reports_errors_in_file_order_each_once) {
  const auto result = read(with("\"https://api.example.com/\"", "\"api.example.com\"") +
                           "owner = \"\"\n[schedule]\ninterval = \"soon\"\njitter = 2\n");
  ASSERT_FALSE(result.config);
  std::set<std::pair<std::uint32_t, std::uint32_t>> positions;
  for (const auto& error : result.errors) positions.emplace(error.line, error.column);
  EXPECT_EQ(result.errors.size(), 4U) << sample::errors(result);
  EXPECT_EQ(positions.size(), 4U);
  EXPECT_TRUE(
      std::is_sorted(result.errors.begin(), result.errors.end(), [](const auto& a, const auto& b) {
        return std::pair(a.line, a.column) < std::pair(b.line, b.column);
      }));
}

TEST(Config, reports_a_wrong_default_once_however_many_probes_it_concerns) {
  std::string text = sample::whole() + "[schedule]\ninterval = \"5m\"\n";
  for (int i = 0; i < 3; ++i) {
    text +=
        "[[probes]]\nname = \"p" + std::to_string(i) + "\"\nmode = \"walk\"\nroutes = [\"chat\"]\n";
  }
  EXPECT_EQ(
      sample::errors(read(text)),
      "f.toml:39:12: interval 5m is below minimum_interval 10m; write an interval of at least "
      "10m\n");
}

TEST(ChangedKeys, are_the_paths_whose_values_differ_are_new_or_are_gone) {
  const auto before = read(sample::whole() +
                           "expect = \"keep_primary\"\n[web]\n"
                           "listen_address = \"127.0.0.1:1\"\n");
  const auto after = read(with("\"a-model\"", "\"c-model\"") +
                          "owner = \"other\"\n[web]\n"
                          "listen_address = \"127.0.0.1:2\"\n");
  ASSERT_TRUE(before.config && after.config);
  EXPECT_THAT(changed_keys(*before.config, *after.config),
              ElementsAre("probes.chat-walk.expect",
                          "probes.chat-walk.owner",
                          "routes.chat.model",
                          "web.listen_address"));
}

TEST(ChangedKeys, do_not_name_another_spelling_of_the_same_duration) {
  const auto before = read(sample::whole() + "schedule = { interval = \"1h\" }\n");
  const auto after = read(sample::whole() + "schedule = { interval = \"60m\" } # longer\n");
  ASSERT_TRUE(before.config && after.config);
  EXPECT_THAT(changed_keys(*before.config, *after.config), IsEmpty());
}

TEST(ChangedKeys, of_a_new_probe_are_its_own_only) {
  const std::string first = "[[probes]]\nname = \"a\"\nmode = \"direct\"\nroutes = [\"local\"]\n";
  const auto before = read(sample::whole());
  const auto after = read(with("[[probes]]\n", first + "[[probes]]\n"));
  ASSERT_TRUE(before.config && after.config) << sample::errors(after);
  EXPECT_THAT(changed_keys(*before.config, *after.config),
              ElementsAre("probes.a.mode", "probes.a.name", "probes.a.routes"));
}

TEST(Sizes, are_integers_in_KiB_or_MiB) {
  EXPECT_EQ(parse_size("64MiB"), 64ULL << 20);
  EXPECT_EQ(parse_size("32KiB"), 32ULL << 10);
  for (const auto* wrong :
       {"", "64", "64MB", "MiB", "-1KiB", "1 MiB", "1.5MiB", "99999999999MiB"}) {
    EXPECT_EQ(parse_size(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace smokeledger::daemon::config
