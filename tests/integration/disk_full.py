"""The disk fills while runs are under way: every request that was sent has its outcome line, and what
cannot be recorded is not sent. On a small file system of the test's own, in a mount namespace.
SMOKELEDGER_LONG=1 for a thousand runs.
"""

import collections
import errno
import os
import subprocess
import sys
import time

import harness
import ledger_files
from configuration import SHORT, Configuration

INSIDE = "SMOKELEDGER_TEST_INSIDE"
ALONE = ["unshare", "--user", "--map-root-user", "--mount"]
RUNS = 1_000 if os.environ.get("SMOKELEDGER_LONG") else 100
ROUNDS = 10
LEDGER_IO = 6  # the exit code
SCRIPTS = ("ok", "hang-before-headers", "overloaded-503")
COPIES = 4
SCHEDULE = {"interval": "1s", "minimum_interval": "300ms", "jitter": 0.1, "backoff_cap": "1s",
            "calls_per_day": 100000}
RETRY = {**SHORT, "attempts_per_route": 2, "attempt_budget": 2, "attempt_timeout": "300ms",
         "deadline": "900ms"}


def require():
    """Starts this file again where a file system may be mounted."""
    if os.environ.get(INSIDE):
        return
    harness.need_program("unshare")
    if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode != 0:
        raise harness.NotRunHere("user and mount namespaces cannot be made here")
    os.environ[INSIDE] = "1"
    os.execvp(ALONE[0], [*ALONE, sys.executable, __file__, harness.binary(), *sys.argv[1:]])


class DiskFull(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        size = "64m" if RUNS > 100 else "16m"
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", self.disk], check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk], check=True)
        self.served = self.stub()
        made = self.configuration = Configuration(self.folder, schedule=SCHEDULE, retry=RETRY)
        made.ledger = self.disk / "ledger"
        made.sections["ledger"].update(dir=str(made.ledger), segment_size="256KiB")
        made.sections["limits"] = {"max_in_flight": 16}
        for script in SCRIPTS:
            for copy in range(COPIES):
                name = f"{script}-{copy}"
                made.provider(name, self.served.url(script), max_in_flight=2)
                made.probe(name, f"{name}-chat", mode="walk")

    def fill(self):
        """To the last byte."""
        with open(self.disk / "filler", "ab", buffering=0) as filler:
            for step in (65_536, 4_096, 1):
                try:
                    while True:
                        filler.write(b"x" * step)
                except OSError as refused:
                    self.assertEqual(errno.ENOSPC, refused.errno)

    def runs(self, daemon):
        return sum(count for name, count in daemon.metrics().items()
                   if name.startswith("smokeledger_decisions_total{"))

    def round(self, number):
        daemon = self.started_daemon(self.configuration.file)
        before = self.runs(daemon)
        harness.wait_for("some runs", lambda: self.runs(daemon) >= before + RUNS / ROUNDS,
                         patience=300)
        self.fill()
        self.assertEqual(LEDGER_IO, daemon.ended(), daemon.err())
        self.assertEqual(1, daemon.err().count("bytes aside for"), "one clear message")
        self.check_requests(f"round {number}")
        (self.disk / "filler").unlink()

    def check_requests(self, where):
        attempts = ledger_files.lines(self.configuration.ledger, "attempt")
        outcomes = ledger_files.lines(self.configuration.ledger, "outcome")
        sent = collections.Counter(line["check_id"] for line in attempts)
        told = {line["check_id"]: len(line["attempts"]) for line in outcomes}
        self.assertEqual(dict(sent), {check: told.get(check) for check in sent}, where)
        arrived = self.served.arrivals()["arrivals"]
        # A request that was written down may have been held back; none may have left unwritten.
        self.assertLessEqual(arrived, len(attempts), where)
        self.sent = len(attempts)
        return outcomes

    def test_no_request_is_left_without_its_outcome(self):
        self.configuration.write()
        for number in range(1, ROUNDS + 1):
            self.round(number)
        daemon = self.started_daemon(self.configuration.file)
        time.sleep(0.5)
        self.assertEqual(0, daemon.stop(), daemon.err())
        outcomes = self.check_requests("the end")
        self.assertGreaterEqual(len(outcomes), RUNS)
        self.assert_verifies(self.configuration.ledger)
        self.assert_replays(self.configuration.ledger)
        print(f"\n{ROUNDS} full disks, {len(outcomes)} runs, {self.sent} attempt lines, "
              f"{self.served.arrivals()['arrivals']} arrivals: each with its outcome line")

    def test_a_full_disk_at_the_start_is_said_and_nothing_is_sent(self):
        self.configuration.write()
        self.fill()
        daemon = self.daemon(self.configuration.file)
        self.assertEqual(LEDGER_IO, daemon.ended(), daemon.err())
        self.assertIn("No space left on device", daemon.err())
        self.assertEqual(0, self.served.arrivals()["arrivals"])


if __name__ == "__main__":
    harness.main()
