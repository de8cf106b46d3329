"""Drills with clients and gateways of the test's own: through the running service and without one, on
a schedule and by hand, to their end and cut short."""

import http.server
import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

import harness
import ledger_files
from configuration import HOURLY, QUICK, SHORT, Configuration

PASS, FAIL, USAGE, COULD_NOT_TELL = 0, 1, 2, 3
# Asks ATTEMPTS times, PAUSE seconds apart, and ends with 0 after a reply, else with 3.
CLIENT = """
import os, sys, time, urllib.error, urllib.request
attempts, pause = int(sys.argv[1]), float(sys.argv[2])
url = os.environ["OPENAI_BASE_URL"] + "/chat/completions"
for attempt in range(attempts):
    if attempt:
        time.sleep(pause)
    request = urllib.request.Request(url, b'{"model":"m"}', {"x-request-id": f"one.{attempt + 1}"})
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).read()
        sys.exit(0)
    except urllib.error.HTTPError:
        print(f"attempt {attempt + 1} was refused", flush=True)
sys.exit(3)
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Gateway(http.server.ThreadingHTTPServer):
    """Tries every request so often, each time after twice the wait, and passes on the last answer."""

    def __init__(self, upstream, attempts):
        self.upstream, self.attempts = upstream, attempts
        super().__init__(("127.0.0.1", 0), Passing)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Passing(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for attempt in range(self.server.attempts):
            if attempt:
                time.sleep(0.03 * 2**attempt)
            request = urllib.request.Request(self.server.upstream + self.path, body,
                                             {"content-type": "application/json"})
            try:
                with direct.open(request) as reply:
                    status, answer = reply.status, reply.read()
                break
            except urllib.error.HTTPError as refused:
                status, answer = refused.code, refused.read()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


class Drills(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.stub_address = f"127.0.0.1:{free_port()}"
        made = self.configuration = Configuration(self.folder, schedule=HOURLY)
        made.sections["schedule"]["minimum_interval"] = "0s"
        made.sections["retry"].update(attempts_per_route=3, attempt_budget=4, base="30ms",
                                      cap="100ms", attempt_timeout="20s", deadline="60s")
        made.sections["stub"] = {"listen_address": self.stub_address}
        made.provider("real", "https://api.example.com", auth="bearer",
                      credential="<API_KEY_PLACEHOLDER>")
        self.add_walks()
        self.client_file = self.folder / "client.py"
        self.client_file.write_text(CLIENT)
        self.drill("client", of="client", scripts=["throttled-retry-after-ms"], budget=4,
                   settle="300ms")
        self.drill("client-without-wishes", of="client", scripts=["throttled"], budget=4,
                   settle="100ms")
        self.drill("client-recovers", of="client", scripts=["recover-after-2-ms"], budget=3,
                   arrivals=3, settle="100ms", exit_codes={"0": "usable_response"})

    def tearDown(self):
        if list(self.configuration.ledger.glob("ledger-*")):
            self.assert_replays(self.configuration.ledger)
        super().tearDown()

    def drill(self, name, routes=("real-chat",), expect=None, schedule=None, **drill):
        more = {"expect": expect} if expect else {}
        if schedule:
            more.update(schedule=schedule,
                        retry={**SHORT, "attempts_per_route": 2, "attempt_budget": 2})
        self.configuration.probe(name, *routes, mode="drill", **more,
                                 drill={"settle": "50ms", **drill})

    def add_walks(self):
        both = ("real-chat", "real-responses")
        self.drill("keeps", of="walk", scripts=["ok"], expect="keep_primary", arrivals=1)
        self.drill("retries", of="walk", scripts=["recover-after-2-ms"], expect="retry_primary",
                   arrivals=3)
        self.drill("falls-back", both, of="walk", scripts=["overloaded-503", "ok"],
                   expect="use_fallback", arrivals=4)
        self.drill("gives-up", both, of="walk", scripts=["throttled"],
                   expect="controlled_failure", arrivals=4)
        self.drill("is-refused", of="walk", scripts=["invalid-key"], expect="escalate", arrivals=1)
        self.drill("is-wrong", of="walk", scripts=["invalid-request"], expect="escalate",
                   arrivals=1)
        self.drill("breaks-off", of="walk", scripts=["truncated-body"],
                   expect="controlled_failure", arrivals=1)

    def add_gateway(self, attempts):
        gateway = Gateway(f"http://{self.stub_address}/s/throttled", attempts)
        self.addCleanup(gateway.server_close)
        self.addCleanup(gateway.shutdown)
        self.configuration.provider("gateway", gateway.url)
        for name, budget in (("gateway", attempts), ("gateway-tight", attempts - 1)):
            self.drill(name, ["gateway-chat"], of="gateway", scripts=["throttled"], budget=budget,
                       expect="controlled_failure")

    def command(self, *arguments, **options):
        return harness.command("drill", "--config.file", self.configuration.file, *arguments,
                               **options)

    def client(self, name, attempts, pause=0.06, *flags, **options):
        return self.command(name, *flags, "--", "python3", self.client_file, attempts, pause,
                            **options)

    def outcomes(self):
        return ledger_files.lines(self.configuration.ledger, "outcome")

    def assert_walks_pass(self):
        answer = self.command("-o", "json")
        lines = {line["probe"]: line for line in map(json.loads, answer.out.splitlines())}
        for probe, line in lines.items():
            with self.subTest(probe=probe):
                self.assertEqual("pass", line["check_result"], line)
                self.assertEqual(len(line["attempts"]), line["arrivals"])
                self.assertEqual("stub", line["provider"])
        self.assertEqual(PASS, answer.code, answer)
        self.assertEqual(7, len(lines))

    def test_walks_pass_through_the_service_and_without_it(self):
        self.configuration.write()
        self.assert_walks_pass()
        daemon = self.started_daemon(self.configuration.file)
        self.assert_walks_pass()
        self.assertEqual(0, daemon.stop())
        self.assert_verifies(self.configuration.ledger)

    def test_a_walk_fails_against_a_count_it_does_not_keep(self):
        self.drill("too-few", of="walk", scripts=["throttled"], budget=2,
                   expect="controlled_failure")
        self.configuration.write()
        answer = self.command("too-few", "-o", "json")
        line = json.loads(answer.out)
        self.assertEqual((FAIL, "drill_over_budget"), (answer.code, line["rule"]))

    def test_a_drill_on_a_schedule_leaves_its_line(self):
        self.configuration.probes.clear()
        self.drill("often", of="walk", scripts=["recover-after-1-ms"], expect="retry_primary",
                   schedule=QUICK)
        daemon = self.started_daemon(self.configuration.write())
        harness.wait_for("the drill ran twice", lambda: len(self.outcomes()) >= 2)
        for line in self.outcomes():
            self.assertEqual(("schedule", 2, "pass"),
                             (line["trigger"], line["arrivals"], line["check_result"]), line)
        self.assertEqual(0, daemon.stop())

    def test_a_client_is_judged_through_the_service_and_without_it(self):
        self.configuration.write()
        for running in (False, True):
            if running:
                self.started_daemon(self.configuration.file)
            with self.subTest(service=running):
                within = self.client("client", 4)
                self.assertEqual(PASS, within.code, within)
                self.assertIn("asked 1, upstream saw 4, budget 4: pass\n", within.out)
                self.assertIn("attempt 4 was refused\n", within.out, "the client's own output")
                over = self.client("client", 12)
                self.assertEqual(FAIL, over.code, over)
                self.assertIn("asked 1, upstream saw 12, budget 4: fail\n", over.out)
                recovers = self.client("client-recovers", 9)
                self.assertEqual(PASS, recovers.code, recovers)
        self.assertEqual([4, 12, 3] * 2, [line["arrivals"] for line in self.outcomes()])

    def test_a_client_that_retries_at_once_is_seen_not_to_back_off(self):
        self.configuration.write()
        answer = self.client("client-without-wishes", 4, 0)
        self.assertEqual(COULD_NOT_TELL, answer.code, answer)
        self.assertIn("look at: no_backoff_seen", answer.out)
        self.assertEqual("false", self.outcomes()[-1]["backoff_policy_seen"])

    def test_what_goes_on_behind_a_client_that_has_gone_is_counted(self):
        self.configuration.write()
        late = (f"({self.shell_client(1)}) & sleep 0.1; ({self.shell_client(3)}) & exit 3")
        answer = self.command("client", "--", "sh", "-c", late)
        self.assertEqual(FAIL, answer.code, answer)
        self.assertEqual("drill_did_not_stop", self.outcomes()[-1]["rule"])

    def shell_client(self, attempts):
        return f"python3 {self.client_file} {attempts} 0.05"

    def test_a_client_that_sends_nothing_never_passes(self):
        self.configuration.write()
        for client, fact in ((["true"], None), (["/nonexistent/client"], "client_not_started"),
                             (["sh", "-c", "kill -9 $$"], "client_killed")):
            answer = self.command("client", "--", *client)
            self.assertEqual(COULD_NOT_TELL, answer.code, answer)
            line = self.outcomes()[-1]
            self.assertEqual(("drill_not_exercised", "not_exercised", [fact] if fact else []),
                             (line["rule"], line["gap"], line["unresolved"]))

    def test_a_gateway_is_counted_behind_one_call(self):
        self.add_gateway(attempts=3)
        self.started_daemon(self.configuration.write())
        for name, code in (("gateway", PASS), ("gateway-tight", FAIL)):
            answer = self.command(name, "-o", "json")
            line = json.loads(answer.out)
            self.assertEqual((code, 3, 1, "gateway"),
                             (answer.code, line["arrivals"], len(line["attempts"]),
                              line["observed_layer"]), line)

    def test_an_interrupted_client_leaves_a_line_all_the_same(self):
        self.configuration.write()
        for running in (False, True):
            if running:
                self.started_daemon(self.configuration.file)
            with self.subTest(service=running):
                self.interrupt_a_client()

    def interrupt_a_client(self):
        before = len(self.outcomes())
        drill = subprocess.Popen(
            [harness.binary(), "drill", "--config.file", self.configuration.file, "client", "--",
             "python3", self.client_file, "100", "0.1"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.addCleanup(drill.kill)
        first = drill.stdout.readline()
        self.assertEqual("attempt 1 was refused\n", first)
        drill.send_signal(signal.SIGTERM)
        out, err = drill.communicate(timeout=harness.PATIENCE)
        self.assertIn("the client was killed: Terminated", err)
        self.assertEqual(before + 1, len(self.outcomes()))
        self.assertIn("client_killed", self.outcomes()[-1]["unresolved"])
        self.assertIn(drill.returncode, (FAIL, COULD_NOT_TELL), out)

    def test_the_service_records_a_drill_that_it_cuts_short(self):
        daemon = self.started_daemon(self.configuration.write())
        drill = subprocess.Popen(
            [harness.binary(), "drill", "--config.file", self.configuration.file, "client", "--",
             "python3", self.client_file, "2", "2"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(drill.kill)
        drill.stdout.readline()
        self.assertEqual(0, daemon.stop())
        self.assertEqual("run_interrupted", self.outcomes()[-1]["rule"])
        drill.communicate(timeout=harness.PATIENCE)
        self.assertEqual(COULD_NOT_TELL, drill.returncode)

    def test_one_drill_of_a_client_goes_on_at_a_time(self):
        self.started_daemon(self.configuration.write())
        slow = threading.Thread(target=self.client, args=("client", 2, 1.0))
        slow.start()
        harness.wait_for("the first client asked", lambda: self.arrivals("throttled-retry-after-ms") >= 1)
        answer = self.client("client", 1)
        slow.join()
        self.assertEqual(COULD_NOT_TELL, answer.code, answer)
        self.assertIn("this drill is under way", answer.err)

    def arrivals(self, script):
        told = json.loads(harness.http_get(self.stub_address, "/stub/arrivals").body)
        return told["by_script"].get(script, 0)

    def test_a_taken_address_of_the_stub_is_said(self):
        host, _, port = self.stub_address.partition(":")
        with socket.socket() as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind((host, int(port)))
            taken.listen()
            self.configuration.write()
            answer = self.command("keeps")
            self.assertEqual(7, answer.code, answer)
            daemon = self.daemon(self.configuration.file)
            self.assertEqual(7, daemon.ended())
            self.assertIn(f"cannot listen on {self.stub_address}", daemon.err())


if __name__ == "__main__":
    harness.main()
