"""The daemon is killed again and again while it probes, and nothing that it acknowledged is lost.

    kill_campaign.py BINARY [--kills N] [--seed S]

A line is acknowledged when it was seen from outside before the kill: by the gauge of the newest
durable line, or because the request that had to wait for it arrived. kill -9 leaves the page cache
alone: this says nothing about a power cut.
"""

import argparse
import os
import pathlib
import random
import signal
import socket
import sys
import time
import unittest

import harness
import ledger_files
from configuration import HOURLY, Configuration
from provider import Provider, chat_completion, http

MINIMUM_INTERVAL_MS = 700
FLAGS = argparse.Namespace()  # filled by read_flags()
COPIES = 4  # of each kind of probe
BUSY = {"error": {"message": "busy", "type": "server_error", "code": None, "param": None}}


class KillCampaign(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.random = random.Random(FLAGS.seed)
        self.acknowledged_seq = -1
        self.before = []  # hashes of acknowledged lines, as they stood after the last kill
        self.not_on_disk = []
        self.callers = []
        self.repaired = 0
        self.provider = Provider(self.answer)
        self.addCleanup(self.provider.close)
        self.configuration = self.configure()

    def configure(self):
        made = Configuration(self.folder)
        made.sections["ledger"]["segment_size"] = "256KiB"
        made.sections["schedule"].update(interval="800ms", backoff_cap="800ms")
        made.sections["retry"].update(attempts_per_route=2, attempt_budget=3, deadline="750ms")
        made.sections["limits"]["max_in_flight"] = 16
        for copy in range(COPIES):
            self.add_probes(made, copy)
        return made

    def add_probes(self, made, copy):
        for name in ("answers", "hangs", "refuses", "helps"):
            made.provider(f"{name}-{copy}", self.provider.url(name))
        made.probe(f"direct-{copy}", f"answers-{copy}-chat")
        made.probe(f"hanging-{copy}", f"hangs-{copy}-chat")
        made.probe(f"falls-back-{copy}", f"refuses-{copy}-chat", f"helps-{copy}-chat", mode="walk")

    def answer(self, arrival):
        # On the provider's thread: the attempt line has to be there before its request.
        if b'"request_id":"%s"' % arrival.request_id.encode() not in self.newest_bytes():
            self.not_on_disk.append(arrival.request_id)
        if arrival.path.startswith("/hangs"):
            return None
        if arrival.path.startswith("/refuses"):
            return http(503, BUSY)
        return http(200, chat_completion())

    def newest_bytes(self):
        """Of the last two segments: a segment may just have been begun."""
        segments = ledger_files.segments(self.configuration.ledger)
        return b"".join(segment.read_bytes() for segment in segments[-2:])

    def test_nothing_acknowledged_is_lost_and_no_probe_is_sent_too_soon(self):
        file = self.configuration.write()
        for kill in range(1, FLAGS.kills + 1):
            self.start_and_kill(file)
            self.look_at_the_disk(kill)
        self.end_cleanly()
        attempts = ledger_files.lines(self.configuration.ledger, "attempt")
        outcomes = ledger_files.lines(self.configuration.ledger, "outcome")
        self.check_requests(attempts)
        self.check_intervals(attempts)
        self.check_runs(attempts, outcomes)
        self.assertEqual(len(outcomes), self.assert_replays(self.configuration.ledger))
        self.report(attempts, outcomes)

    def start_and_kill(self, file):
        daemon = self.daemon(file)
        if self.random.random() < 0.25:
            time.sleep(self.random.uniform(0, 0.08))  # perhaps before it is ready
        else:
            daemon.wait_started()
            self.watch(daemon, self.random.uniform(0, 0.4))
        self.assertTrue(daemon.running(), daemon.err())
        daemon.signal(signal.SIGKILL)
        self.assertEqual(-signal.SIGKILL, daemon.ended())
        while self.callers:
            self.callers.pop().close()
        self.repaired += "torn tail was repaired" in daemon.err()

    def watch(self, daemon, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.acknowledge(daemon.gauge("smokeledger_ledger_seq"))
            self.ask_for_runs()
            time.sleep(min(left, 0.05))

    def ask_for_runs(self):
        """Of every probe, as soon as the minimum interval allows; nobody waits for the answers."""
        caller = socket.socket(socket.AF_UNIX)
        self.callers.append(caller)
        caller.connect(str(self.configuration.socket))
        caller.sendall(b"POST /v1/once HTTP/1.1\r\nhost: localhost\r\n"
                       b"content-type: application/json\r\ncontent-length: 2\r\n\r\n{}")

    def acknowledge(self, seq):
        self.assertGreaterEqual(seq, self.acknowledged_seq, "the gauge went back")
        self.acknowledged_seq = int(seq)

    def look_at_the_disk(self, kill):
        hashes = ledger_files.chain(self.configuration.ledger)
        self.assertLess(self.acknowledged_seq, len(hashes), f"kill {kill} lost acknowledged lines")
        self.assertEqual(self.before, hashes[:len(self.before)], f"kill {kill} changed lines")
        self.before = hashes[:self.acknowledged_seq + 1]
        if kill % 10 == 0 or kill == FLAGS.kills:
            self.assert_verifies(self.configuration.ledger)

    def end_cleanly(self):
        """One start with nothing due closes what the last kill left open."""
        self.configuration.sections["schedule"] = HOURLY
        daemon = self.started_daemon(self.configuration.write())
        shown = {name: count for name, count in daemon.metrics().items()
                 if "_total{" in name and count > 0}
        counted = harness.command("ledger", "count", "--ledger", self.configuration.ledger,
                                  "-o", "table")
        self.assertEqual(harness.parse_metrics(counted.out), shown)
        self.assertEqual(0, daemon.stop())
        self.look_at_the_disk(FLAGS.kills)

    def check_requests(self, attempts):
        lines = {line["request_id"]: line for line in attempts}
        arrived = [arrival.request_id for arrival in self.provider.arrivals]
        self.assertEqual(len(attempts), len(lines), "an attempt line is there twice")
        self.assertEqual(len(arrived), len(set(arrived)), "a request arrived twice")
        self.assertEqual(set(), set(arrived) - set(lines), "a request has no attempt line")
        self.assertEqual([], self.not_on_disk, "a request arrived before its line was on the disk")
        early = [arrival.request_id for arrival in self.provider.arrivals
                 if arrival.boot_ms + 1 < lines[arrival.request_id]["boot_ms"]]
        self.assertEqual([], early, "a request arrived before the time in its line")
        self.check_order(arrived, lines)

    def check_order(self, arrived, lines):
        runs = {}
        for request_id in arrived:
            line = lines[request_id]
            if line["number"] == 1:
                runs.setdefault(line["probe"], []).append(line["seq"])
        for probe, order in runs.items():
            self.assertEqual(sorted(order), order, f"the runs of {probe} arrived in another order")

    def check_intervals(self, attempts):
        last = {}
        gaps = {}
        for line in attempts:
            if line["number"] == 1 and line["probe"] in last:
                gaps[line["request_id"]] = line["boot_ms"] - last[line["probe"]]
            last[line["probe"]] = line["boot_ms"]  # a retry counts as well
        shortest = min(gaps, key=gaps.get)
        print(f"\nshortest interval: {gaps[shortest]} ms", end="")
        self.assertGreaterEqual(gaps[shortest], MINIMUM_INTERVAL_MS, shortest)

    def check_runs(self, attempts, outcomes):
        ended = [attempt["request_id"] for outcome in outcomes for attempt in outcome["attempts"]]
        self.assertEqual(sorted(line["request_id"] for line in attempts), sorted(ended),
                         "an attempt line does not belong to exactly one outcome")
        check_ids = [outcome["check_id"] for outcome in outcomes]
        self.assertEqual(len(check_ids), len(set(check_ids)), "a run has two outcomes")
        crashed = [line for line in outcomes if line["reason"] == "unknown_crash"]
        self.assertTrue(crashed, "no kill met a run under way: the campaign proved nothing")
        for line in crashed:
            self.assertEqual(("unknown", "paused"),
                             (line["status_class"], line["fallback_decision"]), line["check_id"])

    def report(self, attempts, outcomes):
        crashed = sum(line["reason"] == "unknown_crash" for line in outcomes)
        print(f"\n{FLAGS.kills} kills, seed {FLAGS.seed}: {len(attempts)} attempt lines, "
              f"{len(self.provider.arrivals)} arrivals, {len(outcomes)} outcomes, "
              f"{crashed} of them unknown_crash, {self.repaired} torn tails, "
              f"{len(ledger_files.segments(self.configuration.ledger))} segments")


def read_flags():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--kills", type=int,
                        default=2000 if os.environ.get("SMOKELEDGER_LONG") == "1" else 200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.parse_args(namespace=FLAGS)
    os.environ["SMOKELEDGER_BINARY"] = str(pathlib.Path(FLAGS.binary).resolve())


if __name__ == "__main__":
    read_flags()
    print(f"seed {FLAGS.seed}, {FLAGS.kills} kills", flush=True)
    unittest.main(argv=sys.argv[:1], verbosity=2, warnings="ignore")
