"""Every endpoint family against the stub, streamed and not: the daemon's own verdict on good
streams, odd ones and broken ones, as it stands in outcome lines.
"""

import json

import harness
from configuration import EVIDENCE, HOURLY, Configuration, provider

STREAMED = ["chat_completions", "responses", "messages", "generate_content"]
FAMILIES = STREAMED + ["embeddings"]
# Script: (decision, reason, parser result) of a streamed run.
GOOD = ("keep_primary", "none", "accepted")
VERDICTS = {
    "ok": GOOD,
    "refusal": GOOD,
    "cut-at-length": GOOD,
    "other-finish-reason": GOOD,
    "null-content": GOOD,
    "missing-optional": GOOD,
    "stream-comments": GOOD,
    "stream-unknown-events": GOOD,
    "stream-held-open": GOOD,
    "stream-truncated": ("escalate", "truncated", "rejected"),
    "stream-cut-mid-event": ("escalate", "truncated", "not_checked"),
    "stream-reset": ("escalate", "truncated", "not_checked"),
    "stream-stalls": ("escalate", "truncated", "not_checked"),
    "stream-error": ("escalate", "in_stream_error", "rejected"),
    "stream-data-after-end": ("escalate", "shape_rejected", "rejected"),
    "html-200": ("escalate", "shape_rejected", "rejected"),
    "empty-200": ("escalate", "shape_rejected", "rejected"),
    "error-in-200": ("escalate", "in_stream_error", "rejected"),
    "endless-body": ("escalate", "too_large", "not_checked"),
    "throttled": ("escalate", "throttled", "not_checked"),
    "invalid-key": ("escalate", "auth", "not_checked"),
}
ADDITIVE = {"stream-unknown-events"}


class Streams(harness.TestCase):
    def setUp(self):
        super().setUp()
        stub = self.stub()
        made = self.configuration = Configuration(self.folder, schedule=HOURLY)
        made.sections["ledger"]["name"] = "streams"
        made.sections["retry"].update(attempt_timeout="3s", deadline="4s")
        made.sections["limits"]["max_in_flight"] = 16
        for script in VERDICTS:
            made.providers[script] = provider(stub.url(script), max_in_flight=16)
            for family in FAMILIES:
                made.routes[f"{script}-{family}"] = {
                    "provider": script, "family": family, "model": "small-model", **EVIDENCE}

    def outcomes(self):
        """{probe: outcome line} of one run of every probe, without a service."""
        answer = harness.command("once", "--config.file", self.configuration.write(),
                                 "-o", "json")
        lines = [json.loads(line) for line in answer.out.splitlines()]
        self.assertTrue(lines, answer)
        return {line["probe"]: line for line in lines}

    def test_each_stream_is_judged_by_its_familys_contract(self):
        for script in VERDICTS:
            for family in STREAMED:
                self.configuration.probe(self.probe_name(script, family), f"{script}-{family}",
                                         stream=True)
        outcomes = self.outcomes()
        for script, expected in VERDICTS.items():
            for family in STREAMED:
                line = outcomes[self.probe_name(script, family)]
                attempt = line["attempts"][0]
                with self.subTest(script=script, family=family):
                    self.assertEqual(expected, (line["fallback_decision"], attempt["reason"],
                                                attempt["parser_result"]), attempt)
                    self.assertEqual(script in ADDITIVE, attempt["additive"] > 0, attempt)
        good = outcomes[self.probe_name("ok", "messages")]["attempts"][0]
        self.assertEqual("same", good["served_model_match"])
        self.assertTrue(good["tokens_reported"])
        self.assert_verifies(self.configuration.ledger)
        print(f"\n{len(outcomes)} streamed runs judged")

    def test_each_family_is_judged_without_a_stream_too(self):
        for family in FAMILIES:
            self.configuration.probe(self.probe_name("ok", family), f"ok-{family}")
        for probe, line in self.outcomes().items():
            attempt = line["attempts"][0]
            with self.subTest(probe=probe):
                self.assertEqual(GOOD, (line["fallback_decision"], attempt["reason"],
                                        attempt["parser_result"]), attempt)
                self.assertEqual(0, attempt["additive"])
                self.assertEqual("same", attempt["served_model_match"])

    def probe_name(self, script, family):
        return f"{script}-{family.replace('_', '-')}"


if __name__ == "__main__":
    harness.main()
