"""Probing a real provider mock, also through a real gateway, seen by a real Prometheus.

    third_parties.py BINARY PACKAGES [unittest flags]

PACKAGES: the folder into which the npm packages are installed, once. @copilotkit/aimock is the
provider, @portkey-ai/gateway the gateway in front of it, Prometheus is Debian's.
"""

import collections
import pathlib
import shutil
import sys
import tempfile
import unittest

import harness
import ledger_files
import third_parties_gateway as gateway
import third_parties_packages as packages
from third_parties_scene import Scene, promtool, query

ROUNDS = 2  # as many as fixtures.json has replies for throttles-every-other

# probe -> what each of its runs must show: decision, check_result, caller_received, retry_count,
# fallback_route and each attempt.
EXPECTED = {
    "chat-direct": ("keep_primary", "pass", "usable_response", 0, "", [
        "chat 200 none accepted"]),
    "responses-direct": ("keep_primary", "pass", "usable_response", 0, "", [
        "responses 200 none accepted"]),
    "chat-through-gateway": ("keep_primary", "pass", "usable_response", 0, "", [
        "chat-by-gateway 200 none accepted"]),
    "responses-through-gateway": ("keep_primary", "pass", "usable_response", 0, "", [
        "responses-by-gateway 200 none accepted"]),
    "chat-streamed": ("keep_primary", "pass", "usable_response", 0, "", [
        "chat 200 none accepted"]),
    "responses-streamed": ("keep_primary", "pass", "usable_response", 0, "", [
        "responses 200 none accepted"]),
    "messages-direct": ("keep_primary", "pass", "usable_response", 0, "", [
        "messages 200 none accepted"]),
    "messages-streamed": ("keep_primary", "pass", "usable_response", 0, "", [
        "messages 200 none accepted"]),
    "content-direct": ("keep_primary", "pass", "usable_response", 0, "", [
        "content 200 none accepted"]),
    "content-streamed": ("keep_primary", "pass", "usable_response", 0, "", [
        "content 200 none accepted"]),
    "embeddings-direct": ("keep_primary", "pass", "usable_response", 0, "", [
        "embeddings 200 none accepted"]),
    "responses-recover": ("retry_primary", "pass", "usable_response", 1, "", [
        "responses-throttled-once 429 throttled not_checked",
        "responses-throttled-once 200 none accepted"]),
    "throttled-falls-back": ("use_fallback", "investigate", "usable_response", 1, "responses", [
        "chat-throttled 429 throttled not_checked",
        "chat-throttled 429 throttled not_checked",
        "responses 200 none accepted"]),
    "overloaded-falls-back": ("use_fallback", "investigate", "usable_response", 1, "responses", [
        "chat-overloaded 503 overloaded not_checked",
        "chat-overloaded 503 overloaded not_checked",
        "responses 200 none accepted"]),
    "gateway-falls-back": ("use_fallback", "investigate", "usable_response", 1, "responses", [
        "chat-overloaded-by-gateway 503 overloaded not_checked",
        "chat-overloaded-by-gateway 503 overloaded not_checked",
        "responses 200 none accepted"]),
    "nothing-answers": ("escalate", "pass", "controlled_failure", 2, "responses-overloaded", [
        "chat-overloaded 503 overloaded not_checked",
        "chat-overloaded 503 overloaded not_checked",
        "responses-overloaded 503 overloaded not_checked",
        "responses-overloaded 503 overloaded not_checked"]),
    "key-is-refused": ("escalate", "pass", "controlled_failure", 0, "", [
        "chat-by-wrong-key 401 auth not_checked"]),
    **gateway.EXPECTED,
}

# The counters and labels that users build on.
COUNTERS = {
    "smokeledger_outcomes_total": "family, provider, mode, status_class",
    "smokeledger_retries_total": "family, provider, reason, layer",
    "smokeledger_fallback_taken_total": "family, provider, layer",
    "smokeledger_attempts_total": "family, provider",
    "smokeledger_decisions_total": "probe, decision",
    "smokeledger_parser_results_total": "family, provider, result",
    "smokeledger_paused_total": "gap",
    "smokeledger_tokens_reported_total": "provider, direction",
    "smokeledger_evidence_missing_total": "family, provider",
    "smokeledger_drill_deviations_total": "probe",
}


def summary(outcome):
    attempts = [f"{attempt['route']} {attempt['http_status']} {attempt['reason']} "
                f"{attempt['parser_result']}" for attempt in outcome["attempts"]]
    return (outcome["fallback_decision"], outcome["check_result"], outcome["caller_received"],
            outcome["retry_count"], outcome["fallback_route"], attempts)


def series(name, labels):
    return name + "{" + ",".join(f"{key}={labels[key]}" for key in sorted(labels)) + "}"


def prometheus_sums():
    """What PromQL gives for each counter by its labels: {series: value}, without zeros."""
    return {series(name, labels): int(value)
            for name, by in COUNTERS.items()
            for labels, value in query(f"sum by ({by}) ({name})") if value != 0}


def ledger_sums(counted):
    return {series(one["name"], one["labels"]): one["value"] for one in counted}


def name_of(one_series):
    return one_series.partition("{")[0]


class ThirdParties(gateway.GatewayTests, unittest.TestCase):
    """One scene for all; each test looks at what is left when it has come to rest."""

    maxDiff = None
    rounds = ROUNDS

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="smokeledger-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.scene = Scene(folder, packages.installed(PACKAGES), cls.own)
        cls.scene.start()
        cls.printed = [cls.scene.probe_all() for _ in range(ROUNDS)]
        cls.in_prometheus, cls.in_ledger = cls.scene.settle(
            lambda: (prometheus_sums(), ledger_sums(cls.scene.count())))
        cls.outcomes = cls.scene.outcomes()
        cls.journal = cls.scene.journal()
        cls.attempts = [attempt for outcome in cls.outcomes for attempt in outcome["attempts"]]
        # Those that a gateway may have multiplied are held against the journal elsewhere.
        cls.alone = [attempt for attempt in cls.attempts
                     if not gateway.passes_run_header(attempt)]
        cls.journal_of_alone = [request for request in cls.journal
                                if gateway.RUN_HEADER not in request["headers"]]

    @classmethod
    def own(cls, process):
        cls.addClassCleanup(process.kill)
        return process

    def test_each_run_is_decided_as_the_replies_of_third_parties_ask_for(self):
        seen = collections.defaultdict(list)
        for outcome in self.outcomes:
            seen[outcome["probe"]].append(summary(outcome))
        self.assertEqual({probe: [expected] * ROUNDS for probe, expected in EXPECTED.items()},
                         dict(seen))

    def test_good_replies_have_the_documented_shape_in_every_family_directly_and_by_the_gateway(
            self):
        good = [attempt for attempt in self.alone if attempt["http_status"] == 200]
        self.assertEqual({("mock", "chat_completions"), ("mock", "responses"),
                          ("mock", "messages"), ("mock", "generate_content"),
                          ("mock", "embeddings"),
                          ("gateway", "chat_completions"), ("gateway", "responses")},
                         {(attempt["provider"], attempt["endpoint_family"]) for attempt in good})
        for attempt in good:
            # The mock's generateContent replies name no model, and need not.
            served = "absent" if attempt["endpoint_family"] == "generate_content" else "same"
            self.assertEqual(("accepted", [], served), (
                attempt["parser_result"], attempt["findings"], attempt["served_model_match"]))

    def test_promql_sums_equal_ledger_count_series_by_series(self):
        self.assertEqual(self.in_ledger, self.in_prometheus)
        self.assertEqual({"smokeledger_paused_total", "smokeledger_drill_deviations_total"},
                         COUNTERS.keys() - set(map(name_of, self.in_prometheus)))

    def test_promql_totals_equal_what_the_outcome_lines_say(self):
        totals = collections.Counter()
        for one, value in self.in_prometheus.items():
            totals[name_of(one)] += value
        for name, of_lines in (
                ("smokeledger_outcomes_total", len(self.outcomes)),
                ("smokeledger_decisions_total", len(self.outcomes)),
                ("smokeledger_attempts_total", len(self.attempts)),
                ("smokeledger_retries_total",
                 sum(outcome["retry_count"] for outcome in self.outcomes)
                 + sum(attempt["gateway_retries"] for attempt in self.attempts
                       if attempt["gateway_retries"] != "unknown")),
                ("smokeledger_fallback_taken_total",
                 sum(outcome["fallback_taken"] == "true" for outcome in self.outcomes))):
            self.assertGreater(of_lines, 0, name)
            self.assertEqual(of_lines, totals[name], name)

    def test_each_attempt_line_is_one_request_in_the_journal_of_the_mock(self):
        # A request with a wrong key is refused before the mock writes anything down.
        lines = [line for line in ledger_files.lines(self.scene.ledger, "attempt")
                 if line["provider"] != "mock-by-wrong-key"
                 and not gateway.passes_run_header(line)]
        self.assertEqual(len(lines), len(self.journal_of_alone))
        self.assertEqual(sorted(line["path"] for line in lines),
                         sorted(request["path"] for request in self.journal_of_alone))

    def test_each_attempt_is_found_in_the_journal_by_the_provider_request_id(self):
        arrived = {request["headers"]["x-request-id"]: request["response"]["status"]
                   for request in self.journal_of_alone}
        recorded = {attempt["provider_request_id"]: attempt["http_status"]
                    for attempt in self.alone if attempt["provider"] != "mock-by-wrong-key"}
        self.assertEqual(arrived, recorded)

    def test_a_retry_after_is_obeyed_by_the_clock_of_the_mock(self):
        arrived_at = {request["headers"]["x-request-id"]: request["timestamp"]
                      for request in self.journal}
        obeyed = 0
        for outcome in self.outcomes:
            for attempt, following in zip(outcome["attempts"], outcome["attempts"][1:]):
                if attempt["retry_after"] != "obeyed":
                    continue
                obeyed += 1
                gap = (arrived_at[following["provider_request_id"]]
                       - arrived_at[attempt["provider_request_id"]])
                self.assertGreaterEqual(gap, 990, outcome["check_id"])  # ms; two clocks
        self.assertEqual(3 * ROUNDS, obeyed)

    def test_the_shipped_scrape_configuration_finds_the_daemon(self):
        targets = [(target["labels"], target["health"], target["lastError"])
                   for target in self.scene.targets()]
        self.assertEqual([({"job": "smokeledger", "instance": "127.0.0.1:9464",
                            "environment": "staging"}, "up", "")], targets)

    def test_promtool_has_nothing_to_say_of_the_metrics(self):
        checked = promtool(self.scene.metrics())
        self.assertEqual((0, "", ""), (checked.returncode, checked.stdout, checked.stderr))

    def test_nothing_of_keys_prompts_and_replies_is_kept(self):
        kept = {"ledger": b"\n".join(ledger_files.complete_lines(self.scene.ledger)).decode(),
                "log": self.scene.daemon.err() + self.scene.daemon.out(),
                "metrics": self.scene.metrics()}
        for place, text in kept.items():
            self.assertGreater(len(text), 1000, place)
            for sent in ("marten-2209", "heron-4711", "Reply with the word"):
                self.assertNotIn(sent, text, place)

    def test_the_ledger_verifies(self):
        answer = harness.command("ledger", "verify", "--ledger", self.scene.ledger)
        self.assertEqual(0, answer.code, answer)
        self.assertEqual(self.scene.head() + 1, len(ledger_files.chain(self.scene.ledger)))


def require():
    """What is needed first: the packages while there is a network, then none."""
    packages.need_prometheus()
    packages.need_node()
    packages.installed(PACKAGES)
    packages.enter_private_network(sys.argv[0], harness.binary(), PACKAGES, *sys.argv[1:])


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(f"usage: {sys.argv[0]} BINARY PACKAGES [unittest flags]")
    PACKAGES = pathlib.Path(sys.argv.pop(2)).resolve()
    harness.main()
