"""What those who watch the service get: the service manager's messages, logs, and listeners."""

import json
import os
import signal
import socket
import time

import harness
from configuration import HOURLY, Configuration

WATCHDOG_USEC = 3_000_000


class NotifySocket:
    """The service manager's end of sd_notify."""

    def __init__(self, folder):
        self.path = folder / "notify"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(self.path))
        self.socket.settimeout(harness.PATIENCE)

    def next(self):
        """The next message as {key: value}."""
        text = self.socket.recv(4096).decode()
        return dict(line.partition("=")[::2] for line in text.splitlines())

    def next_but_watchdog(self):
        while "WATCHDOG" in (message := self.next()):
            pass
        return message


class ServiceSupervision(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.configuration = Configuration(self.folder, schedule=HOURLY)

    def notified_daemon(self):
        notify = NotifySocket(self.folder)
        self.addCleanup(notify.socket.close)
        # As the service manager does: the variable names the process that is to send.
        script = 'WATCHDOG_PID=$$ exec "$0" run --config.file "$1"'
        environment = {**os.environ, "NOTIFY_SOCKET": str(notify.path),
                       "WATCHDOG_USEC": str(WATCHDOG_USEC)}
        daemon = self.own(harness.Process(
            self.folder, "daemon",
            ["sh", "-c", script, harness.binary(), self.configuration.write()], env=environment))
        return daemon, notify

    def test_the_service_manager_is_told_of_start_reload_and_end(self):
        self.configuration.simple_probe("idle", "http://127.0.0.1:9")
        daemon, notify = self.notified_daemon()
        ready = notify.next_but_watchdog()
        self.assertEqual("1", ready["READY"])
        self.assertIn("1 probes scheduled", ready["STATUS"])
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        daemon.signal(signal.SIGHUP)
        reloading = notify.next_but_watchdog()
        self.assertEqual("1", reloading["RELOADING"])
        self.assertGreaterEqual(int(reloading["MONOTONIC_USEC"]), before)
        self.assertEqual("1", notify.next_but_watchdog()["READY"])
        daemon.signal(signal.SIGTERM)
        self.assertEqual("1", notify.next_but_watchdog()["STOPPING"])
        self.assertEqual(0, daemon.ended())

    def test_the_service_manager_is_told_of_a_reload_that_failed(self):
        daemon, notify = self.notified_daemon()
        notify.next_but_watchdog()
        self.configuration.file.write_text("schema = 2\n")
        daemon.signal(signal.SIGHUP)
        self.assertEqual("1", notify.next_but_watchdog()["RELOADING"])
        ready = notify.next_but_watchdog()
        self.assertEqual("1", ready["READY"])
        self.assertIn("reload failed", ready["STATUS"])

    def test_the_watchdog_is_fed_within_its_interval(self):
        _, notify = self.notified_daemon()
        self.assertEqual("1", notify.next()["READY"])
        notify.socket.settimeout(WATCHDOG_USEC / 1e6)
        for _ in range(3):
            self.assertEqual("1", notify.next()["WATCHDOG"])

    def run_once(self, *flags):
        """The log of a service that made a run of each kind."""
        stub = self.stub()
        self.configuration.simple_probe("steady", stub.url("ok"))
        self.configuration.simple_probe("broken", stub.url("html-200"))
        daemon = self.started_daemon(self.configuration.write(), "--log.level", "debug", *flags)
        self.assertEqual(13, harness.command("once", "--config.file", self.configuration.file).code)
        self.assertEqual(0, daemon.stop())
        return daemon.err()

    def assert_log(self, lines):
        self.assertGreater(len(lines), 5)
        for line in lines:
            self.assertRegex(line["ts"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            self.assertIn(line["level"], ("debug", "info", "warning", "error"))
            self.assertTrue(line["msg"])
        for probe in ("steady", "broken"):
            of_run = [line for line in lines if line.get("check_id", "").startswith(f"{probe}-")]
            self.assertEqual(1, len({line["check_id"] for line in of_run}), of_run)
            (outcome,) = [line for line in of_run if line["msg"] == "outcome recorded"]
            self.assertRegex(outcome["ledger_id"], r"^test-[0-9a-f]{8}-\d+$")
        runs = [line for line in lines if "run begins" in line["msg"] or "outcome" in line["msg"]]
        self.assertEqual([], [line for line in runs if "check_id" not in line])

    def test_the_log_is_logfmt_and_each_line_of_a_run_names_it(self):
        self.assert_log(harness.parse_log(self.run_once()))

    def test_the_log_is_json_on_request(self):
        text = self.run_once("--log.format", "json")
        self.assert_log([json.loads(line) for line in text.splitlines()])


class Listeners(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.stub_process = self.stub()
        self.configuration = Configuration(self.folder, schedule=HOURLY)
        self.configuration.simple_probe("steady", self.stub_process.url("ok"))
        self.configuration.sections["web"]["metrics_listen_address"] = ":0"
        self.process = self.started_daemon(self.configuration.write())
        self.local, self.metrics_only = self.process.addresses()
        self.metrics_only = "127.0.0.1:" + self.metrics_only.rpartition(":")[2]

    def status(self, address, path, **headers):
        return harness.http_get(address, path, **headers).status

    def test_the_local_listener_answers_its_own_name_only(self):
        for path in ("/metrics", "/-/healthy", "/-/ready", "/"):
            self.assertEqual(200, self.status(self.local, path), path)
            self.assertEqual(421, self.status(self.local, path, host="rebound.example"), path)

    def test_the_metrics_only_listener_serves_nothing_else(self):
        for path in ("/metrics", "/-/healthy"):
            status = self.status(self.metrics_only, path, host="staging.example")
            self.assertEqual(200, status, path)
        for path in ("/-/ready", "/", "/v1/once", "/hooks/alertmanager"):
            self.assertEqual(404, self.status(self.metrics_only, path), path)
        self.assertEqual(harness.http_get(self.local, "/metrics").body,
                         harness.http_get(self.metrics_only, "/metrics").body)

    def test_a_header_that_is_too_large_is_refused(self):
        self.assertEqual(431, self.status(self.local, "/metrics", filler="x" * 9000))

    def test_no_get_causes_a_call_to_the_provider(self):
        for address in (self.local, self.metrics_only):
            for path in ("/metrics", "/", "/-/ready", "/v1/once?probe=steady", "/once", "/probe"):
                harness.http_get(address, path)
        self.assertEqual(0, self.stub_process.arrivals()["arrivals"])

    def test_a_public_local_listener_and_an_address_in_use_are_refused(self):
        other = Configuration(self.folder, schedule=HOURLY)
        other.sections["ledger"]["dir"] = str(self.folder / "other")
        other.sections["control"]["socket"] = str(self.folder / "other.sock")
        other.sections["web"]["listen_address"] = self.local
        public = self.daemon(other.write(), "--web.listen-address", "0.0.0.0:0", name="public")
        self.assertEqual(2, public.ended(), public.err())
        self.assertIn("0.0.0.0:0 is not a loopback address", public.err())
        taken = self.daemon(other.file, name="taken")
        self.assertEqual(7, taken.ended(), taken.err())
        self.assertIn(self.local, taken.err())


if __name__ == "__main__":
    harness.main()
