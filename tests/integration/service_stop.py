"""SIGTERM ends the service within two seconds, in whatever it is doing, and each run under way ends
with an outcome line of its own."""

import signal
import time

import harness
import ledger_files
from configuration import HOURLY, Configuration

PROMPTLY = 2.0  # seconds


class ServiceStop(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.configuration = Configuration(self.folder, schedule=HOURLY)

    def stop(self, daemon):
        began = time.monotonic()
        self.assertEqual(0, daemon.stop(), daemon.err())
        seconds = time.monotonic() - began
        self.assertLess(seconds, PROMPTLY, daemon.err())
        self.assert_verifies(self.configuration.ledger)

    def outcomes(self, probe):
        return [line for line in ledger_files.lines(self.configuration.ledger, "outcome")
                if line["probe"] == probe]

    def hanging_probe(self, stub, **retry):
        patient = {"attempt_timeout": "50s", "deadline": "55s", **retry}
        self.configuration.simple_probe("hanging", stub.url("hang-before-headers"), retry=patient)

    def once(self, probe):
        return self.own(harness.Process(
            self.folder, "once",
            [harness.binary(), "once", "--config.file", self.configuration.file, probe]))

    def test_an_idle_service_ends(self):
        self.configuration.simple_probe("idle", "http://127.0.0.1:9")
        self.stop(self.started_daemon(self.configuration.write()))
        self.assertEqual([], ledger_files.lines(self.configuration.ledger, "attempt"))

    def test_a_service_ends_on_the_interrupt_key_as_well(self):
        daemon = self.started_daemon(self.configuration.write())
        daemon.signal(signal.SIGINT)
        self.assertEqual(0, daemon.ended(PROMPTLY))

    def test_a_run_whose_request_hangs_is_recorded_as_aborted(self):
        stub = self.stub()
        self.hanging_probe(stub)
        daemon = self.started_daemon(self.configuration.write())
        self.once("hanging")
        harness.wait_for("the request hangs", lambda: stub.arrivals()["arrivals"] == 1)
        self.stop(daemon)
        (outcome,) = self.outcomes("hanging")
        self.assertEqual(("aborted", "interrupted", "paused"),
                         (outcome["reason"], outcome["gap"], outcome["fallback_decision"]))

    def test_once_that_waits_for_a_run_is_told_how_it_ended(self):
        stub = self.stub()
        self.hanging_probe(stub)
        daemon = self.started_daemon(self.configuration.write())
        once = self.once("hanging")
        harness.wait_for("the request hangs", lambda: stub.arrivals()["arrivals"] == 1)
        self.stop(daemon)
        self.assertEqual(12, once.ended(), once.err())  # paused
        self.assertIn('"reason":"aborted"', once.out())

    def test_a_run_that_waits_in_backoff_is_recorded_as_interrupted(self):
        stub = self.stub()
        # The Retry-After of one second is obeyed: SIGTERM comes while it is waited for.
        self.configuration.simple_probe(
            "waiting", stub.url("throttled-retry-after"), mode="walk",
            retry={"attempts_per_route": 20, "attempt_budget": 7, "deadline": "50s"})
        daemon = self.started_daemon(self.configuration.write())
        self.once("waiting")
        harness.wait_for("the first attempt is answered", lambda: stub.arrivals()["arrivals"] == 1)
        self.stop(daemon)
        (outcome,) = self.outcomes("waiting")
        self.assertEqual(("interrupted", "paused"), (outcome["gap"], outcome["fallback_decision"]))
        attempts = ledger_files.lines(self.configuration.ledger, "attempt")
        self.assertEqual(len(attempts), len(outcome["attempts"]))

    def test_a_service_that_is_still_starting_ends(self):
        self.configuration.simple_probe("idle", "http://127.0.0.1:9")
        file = self.configuration.write()
        for milliseconds in (0, 2, 5, 10, 20, 40, 80):
            daemon = self.daemon(file)
            time.sleep(milliseconds / 1000)
            daemon.signal(signal.SIGTERM)
            # Before the handler is installed the signal ends the process at once, as by default.
            self.assertIn(daemon.ended(), (0, -signal.SIGTERM), daemon.err())
        self.started_daemon(file).stop()
        self.assert_verifies(self.configuration.ledger)


if __name__ == "__main__":
    harness.main()
