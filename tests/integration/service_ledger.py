"""No line, no action; no line, no count: what the service does when its ledger is in use, torn,
full or simply older than the process."""

import hashlib
import os
import pathlib
import resource
import signal
import time

import harness
import ledger_files
from configuration import HOURLY, Configuration

EXIT_LEDGER_LOCKED = 3
EXIT_LEDGER_CORRUPT = 5
EXIT_LEDGER_IO = 6


def counted(metrics):
    """Projections of ledger lines that have counted; not what the daemon says of itself."""
    own = "smokeledger_ledger_append_failures_total"
    return {name: value for name, value in metrics.items()
            if "_total" in name and value > 0 and not name.startswith(own)}


class ServiceLedger(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.stub_process = self.stub()
        self.configuration = Configuration(self.folder, schedule=HOURLY)
        self.configuration.provider("steady", self.stub_process.url("ok"))
        self.configuration.provider("throttled", self.stub_process.url("recover-after-1"))
        self.configuration.probe("direct", "steady-chat")
        self.configuration.probe(
            "walk", "throttled-chat", "steady-responses", mode="walk",
            retry={"attempts_per_route": 2, "attempt_budget": 3, "attempt_timeout": "20s",
                   "deadline": "60s"})
        self.file = self.configuration.write()

    def once(self, *probes):
        return harness.command("once", "--config.file", self.file, *probes)

    def count(self):
        answer = harness.command("ledger", "count", "--ledger", self.configuration.ledger,
                                 "-o", "table")
        self.assertEqual(0, answer.code, answer)
        return harness.parse_metrics(answer.out)

    def segment(self):
        (segment,) = ledger_files.segments(self.configuration.ledger)
        return segment

    def test_a_second_service_on_the_same_ledger_is_refused_with_one_sentence(self):
        self.started_daemon(self.file)
        second = self.daemon(self.file, name="second")
        self.assertEqual(EXIT_LEDGER_LOCKED, second.ended())
        (line,) = harness.parse_log(second.err())
        self.assertEqual("error", line["level"])
        self.assertIn("ledger", line["msg"])

    def test_counters_continue_across_a_restart_and_equal_the_ledgers(self):
        first = self.started_daemon(self.file)
        self.assertEqual(10, self.once("direct", "walk").code)
        before = counted(first.metrics())
        self.assertEqual(before, self.count())
        self.assertIn('smokeledger_retries_total{family="chat_completions",layer="client",'
                      'provider="throttled",reason="throttled"}', before)
        self.assertEqual(0, first.stop())
        second = self.started_daemon(self.file)
        self.assertEqual(before, counted(second.metrics()))
        self.assertEqual(before, self.count())
        seq = ledger_files.lines(self.configuration.ledger)[-1]["seq"]
        self.assertEqual(seq, second.gauge("smokeledger_ledger_seq"))

    def test_a_torn_tail_is_set_aside_and_told(self):
        self.assertEqual(0, self.once("direct").code)
        lines = self.segment().read_bytes().splitlines(keepends=True)
        self.assertIn(b'"kind":"checkpoint"', lines.pop())
        whole, last = b"".join(lines), lines[-1]
        torn = last[:-10]
        self.segment().write_bytes(whole[:-10])
        daemon = self.started_daemon(self.file)
        self.assertIn("torn tail was repaired", daemon.err())
        (told,) = ledger_files.lines(self.configuration.ledger, "recovered")
        self.assertEqual((len(torn), hashlib.sha256(torn).hexdigest()),
                         (told["dropped_bytes"], told["dropped_sha256"]))
        (aside,) = self.configuration.ledger.rglob(told["quarantine"].rpartition("/")[2])
        self.assertEqual(torn, aside.read_bytes())
        self.assert_crash_is_closed()
        self.assertEqual(counted(daemon.metrics()), self.count())
        self.assert_verifies(self.configuration.ledger)

    def assert_crash_is_closed(self):
        """The torn line was the outcome of a run; its attempt line stands."""
        (outcome,) = ledger_files.lines(self.configuration.ledger, "outcome")
        self.assertEqual("unknown_crash", outcome["reason"])

    def test_a_changed_line_keeps_the_service_from_starting(self):
        self.assertEqual(0, self.once("direct").code)
        self.segment().write_bytes(self.segment().read_bytes().replace(b'"usable_response"',
                                                                       b'"usable_respomse"', 1))
        daemon = self.daemon(self.file)
        self.assertEqual(EXIT_LEDGER_CORRUPT, daemon.ended())
        self.assertEqual(1, len(daemon.err().splitlines()), daemon.err())

    def test_after_an_append_that_failed_nothing_is_sent_and_the_service_ends(self):
        # No file may grow beyond the limit: the next line fails even for root, as on a full disk.
        # Signals that Python ignores stay ignored, SIGXFSZ among them.
        daemon = self.started_daemon(self.file, restore_signals=False)
        full = self.segment().stat().st_size
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (full + 100, full + 100))
        answer = self.once("direct")
        self.assertNotEqual(0, answer.code, answer)
        self.assertEqual(EXIT_LEDGER_IO, daemon.ended(), daemon.err())
        self.assertEqual(0, self.stub_process.arrivals()["arrivals"])
        self.assertEqual([], ledger_files.lines(self.configuration.ledger, "outcome"))
        self.assertIn("level=error", daemon.err())
        self.assert_starts_again()

    def assert_starts_again(self):
        daemon = self.started_daemon(self.file)
        self.assertEqual(0, self.once("direct").code)
        self.assertEqual(0, daemon.stop())
        self.assert_verifies(self.configuration.ledger)

    def test_a_run_under_way_when_the_disk_fills_sends_nothing_more(self):
        self.configuration.provider("waiting", self.stub_process.url("throttled-retry-after"))
        self.configuration.probe(
            "retries", "waiting-chat", mode="walk",
            retry={"attempts_per_route": 5, "attempt_budget": 5, "attempt_timeout": "20s",
                   "deadline": "60s"})
        daemon = self.started_daemon(self.configuration.write(), restore_signals=False)
        self.own(harness.Process(self.folder, "once", [
            harness.binary(), "once", "--config.file", self.file, "retries"]))
        harness.wait_for("the first attempt arrived",
                         lambda: self.stub_process.arrivals()["arrivals"] >= 1)
        daemon.signal(signal.SIGSTOP)
        full = self.segment().stat().st_size
        arrived = self.stub_process.arrivals()["arrivals"]
        lines = len(ledger_files.lines(self.configuration.ledger, "attempt"))
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (full + 100, full + 100))
        daemon.signal(signal.SIGCONT)
        self.assertEqual(EXIT_LEDGER_IO, daemon.ended(), daemon.err())
        time.sleep(0.2)  # for a request that must not come
        # One attempt whose line was durable before may still have been on its way.
        self.assertLessEqual(self.stub_process.arrivals()["arrivals"], max(arrived, lines))


class Credentials(harness.TestCase):
    """A credential that is missing or no credential is an evidence gap, and nothing is sent."""

    def paused(self, content, gap="missing", **provider):
        stub = self.stub()
        made = Configuration(self.folder, schedule=HOURLY)
        made.provider("locked", stub.url("ok"), auth="bearer", **provider)
        made.probe("walk", "locked-chat", "locked-responses", mode="walk")
        if content is not None:
            (self.folder / "key").write_text(content)
        # As systemd starts a process: with a folder of credentials, here an empty one.
        environment = dict(os.environ, CREDENTIALS_DIRECTORY=str(self.folder))
        answer = harness.command("once", "--config.file", made.write(), "-o", "json",
                                 env=environment)
        self.assertEqual(12, answer.code, answer)
        self.assertIn('"gap":"credential"', answer.out)
        self.assertIn('"status_class":"not_sent"', answer.out)
        self.assertIn(f'"credential_{gap}:locked"', answer.out)
        self.assertEqual(gap == "unusable", "a credential cannot be used" in answer.err, answer.err)
        self.assertEqual(0, stub.arrivals()["arrivals"])
        self.assertEqual([], ledger_files.lines(made.ledger, "attempt"))

    def test_a_placeholder_in_the_configuration_pauses(self):
        self.paused(None, credential="<API_KEY_PLACEHOLDER>")

    def test_a_placeholder_in_the_file_pauses(self):
        self.paused("<API_KEY_PLACEHOLDER>\n", "unusable",
                    credential_file=str(self.folder / "key"))

    def test_a_missing_file_pauses(self):
        self.paused(None, credential_file=str(self.folder / "key"))

    def test_an_empty_file_pauses(self):
        self.paused("\n", "unusable", credential_file=str(self.folder / "key"))

    def test_a_credential_that_systemd_did_not_load_pauses(self):
        self.paused(None, credential="cometapi-key")

    def test_outside_of_systemd_once_says_that_it_has_no_credentials_and_writes_nothing(self):
        made = Configuration(self.folder, schedule=HOURLY)
        made.provider("locked", self.stub().url("ok"), auth="bearer", credential="cometapi-key")
        made.probe("walk", "locked-chat", "locked-responses", mode="walk")
        environment = {name: value for name, value in os.environ.items()
                       if name != "CREDENTIALS_DIRECTORY"}
        answer = harness.command("once", "--config.file", made.write(), env=environment)
        self.assertEqual(1, answer.code, answer)
        self.assertIn("is a systemd credential, which only the service has", answer.err)
        self.assertFalse(pathlib.Path(made.ledger).exists())


if __name__ == "__main__":
    harness.main()
