"""A disk that takes five seconds for a sync (strace delays it): the service answers scrapes and goes on
with what needs no line. And no line costs more than one sync, counted by strace over many runs.
"""

import os
import re
import time

import harness
import ledger_files
from configuration import HOURLY, QUICK, SHORT, Configuration

DELAY = 5.0  # seconds that each fdatasync takes
SCRAPES_WITHIN = 0.100
BETWEEN = 0.1
LINES = 1_000 if os.environ.get("SMOKELEDGER_LONG") == "1" else 100
COPIES = 8
PATIENT = {**SHORT, "attempt_timeout": "20s", "deadline": "60s"}  # what waits for a sync is in it


def require():
    harness.need_program("strace")


class SlowDisk(harness.TestCase):
    def configure(self, schedule, probes, retry):
        self.served = self.stub()
        made = self.configuration = Configuration(self.folder, schedule=schedule, retry=retry)
        made.sections["limits"]["max_in_flight"] = 16
        for number in range(probes):
            made.simple_probe(f"p{number}", self.served.url("ok"))
        made.write()
        return self.started_daemon(made.file)

    def traced(self, daemon, *what):
        self.log = self.folder / "strace"
        tracer = self.own(harness.Process(
            self.folder, "tracer", ["strace", "-f", "-yy", "-o", self.log, "-p", daemon.pid, *what]))
        harness.wait_for("strace looks on", lambda: "attached" in tracer.err())
        return tracer

    def test_scrapes_are_answered_while_a_sync_takes_five_seconds(self):
        daemon = self.configure(HOURLY, 2, PATIENT)
        quick = self.scrapes(daemon, 0.5)
        self.traced(daemon, "-e", "trace=fdatasync", "-e",
                    f"inject=fdatasync:delay_enter={int(DELAY * 1e6)}")
        began = time.monotonic()
        asked = self.own(harness.Process(self.folder, "once", [
            harness.binary(), "once", "--config.file", self.configuration.file, "p0"]))
        slow = self.scrapes(daemon, DELAY - 0.5)
        self.assertTrue(asked.running(), "the sync was not slow")
        self.assertEqual(0, self.served.arrivals()["arrivals"], "sent before its line was durable")
        self.check_loop(daemon)
        self.assertEqual(0, asked.ended(), asked.err())
        self.assertGreaterEqual(time.monotonic() - began, 2 * DELAY, "the attempt's and the outcome's")
        self.assertEqual(1, self.served.arrivals()["arrivals"])
        print(f"\nslowest of {len(quick)} scrapes {1000 * max(quick):.0f} ms, of {len(slow)} while a sync "
              f"took {DELAY:.0f} s {1000 * max(slow):.0f} ms")
        self.assertLess(max(slow), SCRAPES_WITHIN)

    def scrapes(self, daemon, seconds):
        """How long each took, from a fresh connection to its last byte."""
        took, end = [], time.monotonic() + seconds
        while time.monotonic() < end:
            began = time.monotonic()
            reply = daemon.get("/metrics")
            took.append(time.monotonic() - began)
            self.assertEqual(200, reply.status)
            self.assertIn("smokeledger_ledger_seq", reply.body)
            time.sleep(BETWEEN)
        return took

    def check_loop(self, daemon):
        """What else the event loop does: answers, and refuses what may not run yet."""
        self.assertEqual(200, daemon.get("/-/healthy").status)
        self.assertEqual(200, daemon.get("/-/ready").status)
        began = time.monotonic()
        answer = harness.command("once", "--config.file", self.configuration.file, "p0")
        self.assertEqual(1, answer.code, answer)
        self.assertLess(time.monotonic() - began, DELAY / 2)

    def test_no_line_costs_more_than_one_sync(self):
        daemon = self.configure({**QUICK, "interval": "1s", "minimum_interval": "300ms"}, COPIES,
                                SHORT)
        before = daemon.gauge("smokeledger_ledger_seq")
        tracer = self.traced(daemon, "-e", "trace=fdatasync,fsync,write")
        harness.wait_for("enough lines", lambda: daemon.gauge("smokeledger_ledger_seq")
                         >= before + LINES, patience=300)
        self.assertEqual(0, daemon.stop())
        tracer.ended()
        lines = len(ledger_files.complete_lines(self.configuration.ledger)) - int(before) - 1
        calls = re.findall(r"^\d+ +(\w+)\(\d+<([^>]*\.jsonl)>", self.log.read_text(), re.M)
        syncs = sum(name in ("fdatasync", "fsync") for name, _ in calls)
        writes = sum(name == "write" for name, _ in calls)
        print(f"\n{lines} lines: {writes} writes, {syncs} syncs")
        self.assertGreaterEqual(lines, LINES)
        self.assertLessEqual(syncs, lines)
        self.assertLessEqual(writes, lines)
        self.assertGreater(syncs, 0)


if __name__ == "__main__":
    harness.main()
