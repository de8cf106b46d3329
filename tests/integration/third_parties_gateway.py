"""What the real gateway tells of its own retries and fallbacks, held against the mock's journal."""

import collections

RUN_HEADER = "x-smoke-run"  # of our request id; the gateway passes it on

# probe -> decision, check_result, caller_received, retry_count, fallback_route, attempts: as in
# third_parties.EXPECTED.
EXPECTED = {
    "gateway-answers": ("keep_primary", "pass", "usable_response", 0, "", [
        "portkey-answers 200 none accepted"]),
    "gateway-retries": ("retry_primary", "pass", "usable_response", 0, "", [
        "portkey-recovers 200 none accepted"]),
    "gateway-leaves-its-budget": ("retry_primary", "investigate", "usable_response", 0, "", [
        "portkey-recovers-again 200 none accepted"]),
    "gateway-gives-up": ("escalate", "investigate", "controlled_failure", 0, "", [
        "portkey-overloaded 503 overloaded not_checked"]),
    "gateway-uses-its-fallback": ("use_fallback", "investigate", "usable_response", 0, "", [
        "portkey-falls-back 200 none accepted"]),
    "gateway-needs-no-fallback": ("keep_primary", "pass", "usable_response", 0, "", [
        "portkey-stays 200 none accepted"]),
    "gateway-lost-its-evidence": ("escalate", "fail", "usable_response", 0, "", [
        "portkey-misnamed 200 none accepted"]),
    "both-layers-retry": ("use_fallback", "investigate", "usable_response", 1, "responses", [
        "portkey-overloaded 503 overloaded not_checked",
        "portkey-overloaded 503 overloaded not_checked",
        "responses 200 none accepted"]),
}

Told = collections.namedtuple(
    "Told", "rule layer within_budget fallback_taken fallback_layer counts served unresolved "
            "arrivals")

BOTH_UNKNOWN = ["gateway_retries_unknown", "gateway_fallbacks_unknown"]

# probe -> what its lines say of the gateway (of each attempt: retries/fallbacks and whether the model
# asked for was served), and how many requests of the run arrived behind it.
TOLD = {
    "gateway-answers": Told(
        "gateway_sent_once", "gateway", "yes", "false", "", ["0/0"], ["same"], [], 1),
    "gateway-retries": Told(
        "gateway_retried", "gateway", "yes", "false", "", ["1/0"], ["same"], [], 2),
    "gateway-leaves-its-budget": Told(
        "gateway_retried", "gateway", "no", "false", "", ["1/0"], ["same"], [], 2),
    # It says -1: used up.
    "gateway-gives-up": Told(
        "budget_exhausted", "gateway", "unknown", "false", "", ["unknown/0"], ["absent"],
        BOTH_UNKNOWN[:1], 2),
    # It says 0 retries, of the target that answered; there was one of the first target.
    "gateway-uses-its-fallback": Told(
        "gateway_fell_back", "gateway", "unknown", "true", "gateway", ["unknown/1"],
        ["different"], BOTH_UNKNOWN[:1], 3),
    "gateway-needs-no-fallback": Told(
        "gateway_sent_once", "gateway", "yes", "false", "", ["0/0"], ["same"], [], 1),
    "gateway-lost-its-evidence": Told(
        "gateway_evidence_missing", "gateway", "unknown", "unknown", "", ["unknown/unknown"],
        ["absent"], BOTH_UNKNOWN, 1),
    # Two requests of ours, each retried once by the gateway.
    "both-layers-retry": Told(
        "fallback_usable", "client", "unknown", "true", "client",
        ["unknown/0", "unknown/0", "unknown/unknown"], ["absent", "absent", "same"],
        BOTH_UNKNOWN[:1], 4),
}


def passes_run_header(attempt):
    return attempt["provider"].startswith("portkey")


def told(outcome, arrivals):
    attempts = outcome["attempts"]
    return Told(outcome["rule"], outcome["observed_layer"], outcome["within_budget"],
                outcome["fallback_taken"], outcome["fallback_layer"],
                [f"{one['gateway_retries']}/{one['gateway_fallbacks']}" for one in attempts],
                [one["served_model_match"] for one in attempts], outcome["unresolved"], arrivals)


class GatewayTests:
    """Tests of third_parties.ThirdParties, beside its own."""

    def arrivals_of(self, outcome):
        ids = {one["request_id"] for one in outcome["attempts"] if passes_run_header(one)}
        return sum(request["headers"].get(RUN_HEADER) in ids for request in self.journal)

    def test_each_line_says_what_the_gateway_told_and_no_more(self):
        seen = collections.defaultdict(list)
        for outcome in self.outcomes:
            if outcome["probe"] in TOLD:
                seen[outcome["probe"]].append(told(outcome, self.arrivals_of(outcome)))
        self.assertEqual({probe: [expected] * self.rounds for probe, expected in TOLD.items()},
                         dict(seen))

    def test_counts_that_are_told_are_what_arrived_behind_the_gateway(self):
        compared = 0
        for outcome in self.outcomes:
            calls = [one for one in outcome["attempts"] if passes_run_header(one)]
            if not calls or "unknown" in {one[f"gateway_{fact}"] for one in calls
                                          for fact in ("retries", "fallbacks")}:
                continue
            compared += 1
            self.assertEqual(
                sum(1 + one["gateway_retries"] + one["gateway_fallbacks"] for one in calls),
                self.arrivals_of(outcome), outcome["check_id"])
        self.assertEqual(4 * self.rounds, compared)

    def test_a_run_is_found_behind_the_gateway_by_the_id_in_its_lines(self):
        recorded = {one["request_id"] for outcome in self.outcomes for one in outcome["attempts"]
                    if passes_run_header(one)}
        arrived = {request["headers"][RUN_HEADER] for request in self.journal
                   if RUN_HEADER in request["headers"]}
        self.assertEqual(recorded, arrived)
        walk = next(outcome for outcome in self.outcomes if outcome["probe"] == "both-layers-retry")
        self.assertEqual(walk["attempts"][0]["request_id"], walk["attempts"][1]["request_id"],
                         "one id for all attempts: its suffix is empty")

    def test_once_prints_the_retries_and_fallbacks_of_the_gateway(self):
        expected = {"gateway-retries": ("1", "-"), "gateway-answers": ("0", "-"),
                    "gateway-uses-its-fallback": ("unknown", "gateway"),
                    "gateway-lost-its-evidence": ("unknown", "unknown"),
                    "both-layers-retry": ("1", "responses")}
        for table in self.printed:
            rows = [line.split() for line in table.splitlines()]
            self.assertIn(["retries", "fallback"], [row[5:7] for row in rows])
            self.assertEqual(expected, {row[2]: tuple(row[5:7]) for row in rows
                                        if len(row) > 6 and row[2] in expected})

    def test_evidence_that_is_gone_is_named(self):
        for outcome in self.outcomes:
            findings = [one["path"] for attempt in outcome["attempts"]
                        for one in attempt["findings"]
                        if one["code"] == "gateway_evidence_missing"]
            lost = outcome["probe"] == "gateway-lost-its-evidence"
            self.assertEqual(["gateway.retries", "gateway.served_model"] if lost else [],
                             findings, outcome["check_id"])
