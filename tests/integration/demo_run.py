"""The demo ends by itself and shows what it promises."""

import re
import subprocess

import harness

DECISIONS = ("keep_primary", "retry_primary", "use_fallback", "escalate", "paused")


class DemoRun(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.process = self.own(harness.Process(self.folder, "demo", [
            harness.binary(), "demo", "--for", "30s", "--dir", self.folder / "demo"]))

    def metrics_address(self):
        found = re.search(r"^Metrics: http://([0-9.:]+)/metrics$", self.process.out(), re.MULTILINE)
        return found and found.group(1)

    def rows(self):
        """Of the outcome table, as cells."""
        return [line.split() for line in self.process.out().splitlines()
                if re.match(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ +demo-[0-9a-f]{8}-\d+ ", line)]

    def check_with_promtool(self, text):
        promtool = harness.need_program("promtool")
        done = subprocess.run([promtool, "check", "metrics"], input=text, text=True,
                              capture_output=True, check=False)
        self.assertEqual((0, "", ""), (done.returncode, done.stdout, done.stderr))

    def test_it_shows_the_plan_every_decision_the_counters_and_the_address_and_verifies(self):
        address = harness.wait_for("the address is shown", self.metrics_address)
        harness.wait_for("every decision occurs",
                         lambda: set(DECISIONS) <= {row[3] for row in self.rows()})
        self.assertIn(f"\nPages: http://{address}/\n", self.process.out())
        self.assertIn("<h1>Decisions</h1>", harness.http_get(address, "/").body)
        self.check_with_promtool(harness.http_get(address, "/metrics").body)
        self.assertEqual(0, self.process.ended(120), self.process.err())
        self.assertEqual("", self.process.err())
        self.check_text(self.process.out())
        self.assert_verifies(self.folder / "demo/ledger")
        self.assertLessEqual(len(self.rows()), self.assert_replays(self.folder / "demo/ledger"))

    def check_text(self, text):
        self.assertIn("It does not assert uptime", text)
        self.assertRegex(text, r"(?m)^probe +mode +routes +interval")
        self.assertIn("Stop: Ctrl-C, or by itself after 30s", text)
        self.assertRegex(text, r"Counters \(.*\):\n +smokeledger_outcomes_total\{")
        self.assertRegex(text, r"(?m)^ +smokeledger_retries_total\{.*\} \d+$")
        self.assertRegex(text, r"(?m)^ +smokeledger_fallback_taken_total\{.*\} \d+$")
        self.assertIn("smokeledger ledger query --ledger", text)


def require():
    harness.need_program("promtool")


if __name__ == "__main__":
    harness.main()
