// Pages, rules, dashboard and examples name nothing that is not there.
#include "tests/daemon/commands/documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exporters/metrics/rules.h"
#include "tests/daemon/commands/code.h"
#include "tests/daemon/commands/command_line.h"

namespace smokeledger::tests {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> unknown_in(const std::string& text, const std::string& path = "a.md") {
  return unknown_names({path, text}, names());
}

TEST(Names, AreThoseOfTheProgram) {
  EXPECT_THAT(names().commands, Contains(testing::Key("ledger verify")));
  EXPECT_THAT(names().commands.at("ledger verify"), testing::IsSupersetOf({"--key", "-o"}));
  EXPECT_THAT(names().commands.at("ledger verify"), Contains("--slice")) << "of an option group";
  EXPECT_TRUE(names().is_group("contract"));
  EXPECT_FALSE(names().is_group("once"));
  EXPECT_THAT(names().sections.at("providers"), Contains("base_url"));
  EXPECT_THAT(names().words, testing::IsSupersetOf({"credential_missing", "finish_reason"}));
}

TEST(Documents, NameNothingThatIsNotThere) {
  const auto all = documents();
  ASSERT_THAT(all, SizeIs(testing::Gt(15U)));
  for (const auto& document : all) {
    EXPECT_THAT(unknown_names(document, names()), IsEmpty()) << document.path;
  }
}

TEST(Documents, LinkToHeadingsThatAreThere) {
  const auto all = documents();
  for (const auto& document : all) {
    if (!document.path.ends_with(".md")) continue;
    EXPECT_THAT(dead_links(document, all), IsEmpty());
  }
  const Document page{"docs/a.md",
                      "## A b, `c_d`\n[x](#a-b-c_d) [y](#b) [z](none.md) [w](../README.md)"};
  EXPECT_THAT(
      dead_links(page, {page}),
      ElementsAre("docs/a.md: no heading docs/a.md#b", "docs/a.md: nothing is at docs/none.md"));
}

TEST(Rules, NameNothingThatIsNotThere) {
  const Host host;
  const auto printed = command({"rules", "--config.file", host.config_file()});
  ASSERT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_THAT(unknown_in(printed.out, "smokeledger rules"), IsEmpty());
  for (const auto& row : exporters::metrics::alerts()) {
    std::string text(row.name);
    text.append(1, '\n').append(row.expr).append(1, '\n').append(row.summary);
    EXPECT_THAT(unknown_in(text, "rules.cpp"), IsEmpty());
  }
}

struct MadeUp {
  std::string text;
  std::string found;  // without the path
};

TEST(UnknownNames, AreFoundInPages) {
  const std::vector<MadeUp> rows{
      {"look at `smokeledger_uptimes_total`", "no metric smokeledger_uptimes_total"},
      {"smokeledger_ledger_(seq|sequel)", "no metric smokeledger_ledger_sequel"},
      {"smokeledger_paused_total{probe=\"x\"}", "no label of smokeledger_paused_total: probe"},
      {"smokeledger_paused_total{gap=\"weather\"}", "no value of the label gap: weather"},
      {"sum by (probes) (smokeledger_paused_total)", "no label probes"},
      {"### SmokeledgerAsleep", "no alert SmokeledgerAsleep"},
      {"type `smokeledger fly`", "no command smokeledger fly"},
      {"type `smokeledger\nledger mend`", "no command smokeledger ledger mend"},
      {"    smokeledger ledger mend --ledger DIR", "no command smokeledger ledger mend"},
      {"```sh\nsmokeledger plan --far\n```", "no flag of smokeledger plan: --far"},
      {"    smokeledger ledger verify --ledger DIR \\\n      --lock x",
       "no flag of smokeledger ledger verify: --lock"},
      {"by `ledger verify --lock`", "no flag of smokeledger ledger verify: --lock"},
      {"by `ledger mend`", "no command smokeledger ledger mend"},
      {"with `--lock FILE`", "no flag --lock"},
      {"the key `web.address`", "no key web.address"},
      {"in `[webs]`", "no section [webs]"},
      {"```toml\n[webs]\n```", "no section webs"},
      {"```toml\nlisten_adress = \"x\"\n```", "no key listen_adress"},
      {"```toml\ndrill = { of = \"walk\", script = \"x\" }\n```", "no key script"},
      {"in `docs/web.md`", "no file docs/web.md"},
      {"the finding `missing_members`", "no name missing_members"},
      {"the fact `credential_mising:main`", "no name credential_mising"},
  };
  for (const auto& row : rows) {
    EXPECT_THAT(unknown_in(row.text), ElementsAre("a.md: " + row.found)) << row.text;
  }
}

TEST(UnknownNames, AreFoundInWhatPrometheusAndGrafanaRead) {
  const std::vector<MadeUp> rows{
      {R"j("expr": "sum by (gap) (smokeledger_pauses_total{gap=\"x\"})")j",
       "no metric smokeledger_pauses_total"},
      {R"j("expr": "smokeledger_paused_total{gap=\"weather\"}")j",
       "no value of the label gap: weather"},
      {R"j("expr": "smokeledger_paused_total{family=~\"$family\"}")j",
       "no label of smokeledger_paused_total: family"},
      {"#   smokeledger rules --config FILE", "no flag of smokeledger rules: --config"},
      {"# by `smokeledger rule`", "no command smokeledger rule"},
      {"matchers: ['alertname = \"SmokeledgerAsleep\"']", "no alert SmokeledgerAsleep"},
  };
  for (const auto& row : rows) {
    EXPECT_THAT(unknown_in(row.text, "a.yml"), ElementsAre("a.yml: " + row.found)) << row.text;
  }
}

TEST(UnknownNames, AreNotWhatIsNoName) {
  for (const auto* text :
       {"smokeledger records what it sent",
        "`smokeledger 0.1.0`",
        "`systemctl reload smokeledger`",
        "    systemctl enable --now smokeledger",
        "    journalctl -u smokeledger -o cat --grep msg=checkpoint",
        "    smokeledger drill --config.file F drill-sdk -- node my-client.mjs --fast",
        "    smokeledger ledger head --ledger DIR | jq --raw-output .seq",
        "    smokeledger rules --config.file F >rules.yml   # --often",
        "`choices[0].message.content`, `[a-z0-9-]`, `etc/contracts/FAMILY.toml`",
        "smokeledger_retries_total{layer=\"gateway\",reason=\"unknown\"}",
        "smokeledger:decisions:increase1d"}) {
    EXPECT_THAT(unknown_in(text), IsEmpty()) << text;
  }
}

}  // namespace
}  // namespace smokeledger::tests
