"""Runs over every fault that the stub can play: what the stub counted is what the ledger says was
sent, request by request. SMOKELEDGER_LONG=1 for ten thousand runs."""

import collections
import json
import os
import signal

import harness
import ledger_files
from configuration import SHORT, Configuration

RUNS = 10_000 if os.environ.get("SMOKELEDGER_LONG") else 1_000
RETRY = {**SHORT, "attempts_per_route": 2, "attempt_budget": 3, "base": "5ms", "cap": "20ms",
         "retry_after_cap": "50ms", "attempt_timeout": "400ms", "deadline": "1400ms"}
SCHEDULE = {"interval": "1500ms", "minimum_interval": "1s", "jitter": 0.1, "backoff_cap": "1500ms",
            "calls_per_day": 100000}


def scripts():
    listed = harness.command("stub", "--list", "-o", "json")
    return [json.loads(line)["script"] for line in listed.out.splitlines()]


class FaultedRuns(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.served = self.stub()
        self.scripts = scripts()
        made = self.configuration = Configuration(self.folder, schedule=SCHEDULE, retry=RETRY)
        made.sections["limits"] = {"max_in_flight": 16}
        for number, script in enumerate(self.scripts):
            made.provider(script, self.served.url(script), max_in_flight=2)
            made.probe(script, f"{script}-chat", f"{script}-responses", mode="walk",
                       stream=number % 2 == 1)

    def outcomes(self, daemon):
        return sum(count for name, count in daemon.metrics().items()
                   if name.startswith("smokeledger_decisions_total{"))

    def run_them(self):
        daemon = self.started_daemon(self.configuration.write())
        harness.wait_for(f"{RUNS} runs", lambda: self.outcomes(daemon) >= RUNS, patience=1800,
                         pause=0.2)
        # No further run begins; those under way go on to their ends.
        idle = Configuration(self.folder)
        idle.simple_probe("idle", self.served.url("ok"),
                          schedule={"interval": "1h", "minimum_interval": "1h",
                                    "backoff_cap": "1h"})
        idle.write()
        daemon.signal(signal.SIGHUP)
        harness.wait_for("every run has its outcome", lambda: not self.open_runs())
        self.assertEqual(daemon.stop(), 0)

    def open_runs(self):
        runs = {line["check_id"] for line in ledger_files.lines(self.configuration.ledger, "attempt")}
        return runs - {line["check_id"]
                       for line in ledger_files.lines(self.configuration.ledger, "outcome")}

    def test_the_stub_counts_just_the_attempt_lines(self):
        self.run_them()
        self.assert_verifies(self.configuration.ledger)
        sent = collections.Counter(
            line["provider"] for line in ledger_files.lines(self.configuration.ledger, "attempt"))
        sent.pop("idle", None)
        arrived = self.served.arrivals()["by_script"]
        self.assertEqual(dict(sent), {script: arrived.get(script, 0) for script in sent})
        self.assertEqual(set(sent), set(self.scripts), "every script was met")
        outcomes = [line for line in ledger_files.lines(self.configuration.ledger, "outcome")
                    if line["probe"] != "idle"]
        self.assertGreaterEqual(len(outcomes), RUNS)
        self.assertEqual(sum(len(line["attempts"]) for line in outcomes), sum(sent.values()))
        print(f"\n{len(outcomes)} runs over {len(sent)} scripts: {sum(sent.values())} attempt lines, "
              f"{sum(arrived.get(script, 0) for script in sent)} arrivals")


if __name__ == "__main__":
    harness.main()
