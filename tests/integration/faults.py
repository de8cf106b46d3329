"""A silent DNS server, a refused port and a hanging server beside a steady provider in one daemon:
each run ends at its deadline with its reason, and nothing else waits for it.

The name server is that of a network of the test's own, in a user namespace.
"""

import os
import socket
import subprocess
import sys
import threading
import time

import harness
from configuration import Configuration

INSIDE = "SMOKELEDGER_TEST_INSIDE"
NAMESPACE = harness.SOURCE / "tests/probes/transport/silent_dns.sh"
TIMEOUT = 4.0
TROUBLED = {"silent-dns": "timeout", "unknown-name": "dns", "refused": "connect",
            "hanging": "timeout"}


def require():
    """Starts this file again where the name server is ours."""
    if os.environ.get(INSIDE):
        return
    for program in ("unshare", "ip", "mount"):
        harness.need_program(program)
    if subprocess.run([NAMESPACE, "true"], capture_output=True, check=False).returncode != 0:
        raise harness.NotRunHere("user and network namespaces cannot be made here")
    os.environ[INSIDE] = "1"
    os.execv(NAMESPACE, [NAMESPACE, sys.executable, __file__, harness.binary(), *sys.argv[1:]])


class SilentDns:
    """Takes queries and says nothing, except that it knows that `unknown.test` does not exist."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        self.unanswered = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            query, client = self.socket.recvfrom(512)
            if b"unknown" in query:
                no_such_name = query[:2] + b"\x81\x83" + query[4:]
                self.socket.sendto(no_such_name, client)
            else:
                self.unanswered += 1


class Faults(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.dns = SilentDns()
        self.addCleanup(self.dns.socket.close)
        stub = self.stub()
        made = self.configuration = Configuration(self.folder)
        made.sections["retry"].update(attempt_timeout="4s", deadline="5s")
        made.sections["schedule"].update(interval="20m", minimum_interval="10m", backoff_cap="1h")
        made.simple_probe("silent-dns", "https://provider.test")
        made.simple_probe("unknown-name", "https://unknown.test")
        made.simple_probe("refused", f"http://127.0.0.1:{self.closed_port()}")
        made.simple_probe("hanging", stub.url("hang-before-headers"))
        made.simple_probe("steady", stub.url("ok"),
                          retry={"attempt_timeout": "400ms", "deadline": "400ms"},
                          schedule={"interval": "500ms", "minimum_interval": "500ms",
                                    "backoff_cap": "500ms"})

    def closed_port(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def once_at_the_same_time(self):
        """{probe: (answer, seconds)} of manual runs through the running daemon."""
        results = {}

        def ask(probe):
            began = time.monotonic()
            answer = harness.command("once", "--config.file", self.configuration.file, probe,
                                     "-o", "json")
            results[probe] = (answer, time.monotonic() - began)

        threads = [threading.Thread(target=ask, args=(probe,)) for probe in TROUBLED]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    def steady_outcomes(self, daemon):
        return sum(count for name, count in daemon.metrics().items()
                   if name.startswith("smokeledger_decisions_total{") and 'probe="steady"' in name)

    def test_each_fault_ends_by_itself_while_the_steady_probe_keeps_its_pace(self):
        daemon = self.started_daemon(self.configuration.write())
        harness.wait_for("the steady probe runs", lambda: self.steady_outcomes(daemon) >= 1)
        before, began = self.steady_outcomes(daemon), time.monotonic()
        results = self.once_at_the_same_time()
        steady, lasted = self.steady_outcomes(daemon) - before, time.monotonic() - began
        for probe, reason in TROUBLED.items():
            answer, seconds = results[probe]
            self.check_fault(probe, reason, answer)
            print(f"\n{probe}: {reason} after {seconds:.1f} s", end="")
        self.check_times({probe: seconds for probe, (_, seconds) in results.items()})
        print(f"\nsteady: {steady:.0f} outcomes in {lasted:.1f} s")
        # About two a second are due; a probe that waited for a troubled one would have one.
        self.assertGreaterEqual(steady, lasted / 2, "the steady probe waited for others")
        self.assertGreater(self.dns.unanswered, 0, "the name server was never asked")
        self.assertEqual(0, daemon.stop())
        self.assert_verifies(self.configuration.ledger)

    def check_fault(self, probe, reason, answer):
        self.assertEqual(13, answer.code, answer)
        self.assertIn(f'"reason":"{reason}"', answer.out, probe)
        self.assertIn('"status_class":"no_response"', answer.out, probe)

    def check_times(self, seconds):
        for probe in ("silent-dns", "hanging"):
            self.assertGreaterEqual(seconds[probe], TIMEOUT - 0.5, probe)
        for probe, lasted in seconds.items():
            self.assertLess(lasted, TIMEOUT + 15, f"{probe} did not end at its deadline")
        self.assertLess(seconds["refused"], seconds["hanging"], "a refusal waited for a deadline")


if __name__ == "__main__":
    harness.main()
