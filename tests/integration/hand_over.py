"""Packets are handed over: to a webhook that verifies signatures and misbehaves, and to an outbox.
Attempts are bounded, each packet has one line for each of the two, and a kill between the packet and
that line loses nothing."""

import hashlib
import hmac
import http.server
import json
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
import time

import harness
from configuration import Configuration

KEY = "test-key-of-the-webhook"
SECRET_PATH = "hooks/test-path-that-nobody-logs"
ATTEMPTS = 4  # as these tests configure it


class Receiver:
    """A webhook on loopback. `answers`: of each delivery in turn, then the last one: a status,
    `hang` or `close`."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.arrivals = []  # (status or word, path, headers, body)
        self.released = threading.Event()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                receiver.take(self)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/{SECRET_PATH}?sig=abc"

    def take(self, request):
        body = request.rfile.read(int(request.headers["content-length"]))
        answer = self.answers[min(len(self.arrivals), len(self.answers) - 1)]
        self.arrivals.append((answer, request.path, dict(request.headers.items()), body))
        if answer == "hang":
            self.released.wait(60)
        elif answer == "close":
            request.connection.shutdown(socket.SHUT_RDWR)
        else:
            request.send_response(answer)
            if answer == 302:
                request.send_header("location", "/elsewhere")
            request.send_header("retry-after", "3600")
            request.send_header("content-length", "7")
            request.end_headers()
            request.wfile.write(b"ignored")

    def stop(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class HandOver(harness.TestCase):
    def setUp(self):
        super().setUp()
        stub = self.stub()
        self.configuration = Configuration(self.folder, schedule={
            "interval": "1h", "minimum_interval": "700ms", "jitter": 0.0, "backoff_cap": "1h",
            "calls_per_day": 100000})
        self.configuration.simple_probe("chat-direct", stub.url("ok"))
        self.packets = self.configuration.sections["packets"] = {"after": 0}
        self.outbox = self.folder / "outbox"

    def receive(self, *answers):
        receiver = Receiver(*answers)
        self.addCleanup(receiver.stop)
        url, key = self.folder / "url", self.folder / "key"
        url.write_text(receiver.url + "\n")
        key.write_text(KEY + "\n")
        self.packets.update({"webhook_url_file": str(url), "webhook_key_file": str(key),
                             "webhook_attempts": ATTEMPTS})
        return receiver

    def use_outbox(self):
        self.outbox.mkdir()
        self.packets["outbox"] = str(self.outbox)

    def start(self, name="daemon"):
        self.file = self.configuration.write()
        self.daemon_process = self.started_daemon(self.file, name=name)

    def open_packet(self):
        answer = harness.command("packet", "open", "--config.file", self.file, "--initials", "AB",
                                 "--note", "Something was observed.")
        self.assertEqual(0, answer.code, answer)
        opened = [line for line in self.lines() if line["event"] == "opened"]
        return opened[-1]["ledger_id"]

    def lines(self):
        found = (json.loads(line) for part in sorted(self.configuration.ledger.glob("ledger-*"))
                 for line in part.read_text().splitlines() if line.endswith("}"))
        return [line for line in found if line["kind"] == "packet"]

    def hand_overs(self, to):
        return [(line["event"], line["hand_over_attempts"]) for line in self.lines()
                if line["handed_to"] == to]

    def wait_handed(self, to, count=1, patience=90):
        harness.wait_for(f"{count} packets are told of", lambda: len(self.hand_overs(to)) >= count,
                         patience=patience)
        return self.hand_overs(to)

    def assert_signed(self, arrival, packet):
        _, path, headers, body = arrival
        self.assertEqual(f"/{SECRET_PATH}?sig=abc", path)
        self.assertEqual("application/json", headers["content-type"])
        self.assertEqual(packet, headers["x-smokeledger-packet"])
        stamp = headers["x-smokeledger-timestamp"]
        self.assertLess(abs(time.time() - int(stamp)), 120)
        expected = hmac.new(KEY.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        self.assertEqual("sha256=" + expected, headers["x-smokeledger-signature"])
        delivery = json.loads(body)
        self.assertEqual(packet, delivery["packet"]["ledger_id"])
        self.assert_proved(delivery["packet"], delivery["slice"])

    def assert_proved(self, packet, lines):
        """In a folder that holds the lines and the public key and nothing else."""
        place = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        (place / packet["slice"]["file"]).write_text(lines)
        key = self.configuration.ledger / "checkpoint-key.pub"
        done = subprocess.run([harness.binary(), "ledger", "verify", "--slice",
                               packet["slice"]["file"], "--key", key],
                              cwd=place, capture_output=True, text=True)
        self.assertEqual(0, done.returncode, done)
        self.assertIn(f'"ledger_id":"{packet["ledger_id"]}"', lines)

    def assert_url_is_nowhere(self):
        log = self.daemon_process.err()
        for secret in (SECRET_PATH, "sig=abc", KEY):
            self.assertNotIn(secret, log)
            for part in self.configuration.ledger.glob("ledger-*"):
                self.assertNotIn(secret, part.read_text())

    def test_posts_each_packet_once_signed_and_with_its_proof(self):
        receiver = self.receive(204)
        self.start()
        packets = [self.open_packet() for _ in range(3)]
        self.assertEqual([("handed_over", 1)] * 3, self.wait_handed("webhook", 3))
        self.assertEqual(3, len(receiver.arrivals))
        for packet, arrival in zip(packets, receiver.arrivals):
            self.assert_signed(arrival, packet)
        self.assert_url_is_nowhere()
        self.daemon_process.stop()
        self.assert_verifies(self.configuration.ledger)
        self.start(name="again")
        time.sleep(1)
        self.assertEqual(3, len(receiver.arrivals), "a restart repeats nothing")

    def test_tries_again_by_its_own_policy_and_gives_up(self):
        for answers, expected in (((500, 429, "close", 200), ("handed_over", 4)),
                                  ((500,), ("not_handed_over", ATTEMPTS)),
                                  ((400,), ("not_handed_over", 1)),
                                  ((302,), ("not_handed_over", 1))):
            with self.subTest(answers=answers):
                receiver = self.receive(*answers)
                self.file = self.configuration.write()
                before = len(self.hand_overs("webhook"))
                self.start(name=f"daemon-{answers[0]}-{len(answers)}")
                packet = self.open_packet()
                told = self.wait_handed("webhook", before + 1)
                self.assertEqual(expected, told[-1])
                time.sleep(0.5)
                self.assertEqual(expected[1], len(receiver.arrivals))
                for arrival in receiver.arrivals:
                    self.assert_signed(arrival, packet)
                self.assert_url_is_nowhere()
                self.assertEqual(0, self.daemon_process.stop())

    def test_a_webhook_that_hangs_delays_neither_probes_nor_the_end(self):
        receiver = self.receive("hang")
        self.start()
        self.open_packet()
        harness.wait_for("the attempt hangs", lambda: receiver.arrivals)
        answer = harness.command("once", "--config.file", self.file, "chat-direct")
        self.assertEqual(0, answer.code, answer)
        self.assertEqual(0, self.daemon_process.stop())
        self.assertEqual(1, len(receiver.arrivals), "the attempt was still hanging")
        self.assertEqual([], self.hand_overs("webhook"), "the next start begins it anew")

    def test_a_kill_between_the_packet_and_its_line_loses_nothing(self):
        receiver = self.receive("hang", 200)
        self.use_outbox()
        self.start()
        packet = self.open_packet()
        harness.wait_for("the first attempt arrived", lambda: receiver.arrivals)
        self.wait_handed("outbox")
        self.daemon_process.signal(signal.SIGKILL)
        self.daemon_process.child.wait()
        self.assertEqual([], self.hand_overs("webhook"))
        self.start(name="again")
        self.assertEqual([("handed_over", 1)], self.wait_handed("webhook"))
        self.assertEqual([("handed_over", 1)], self.hand_overs("outbox"))
        for arrival in receiver.arrivals:
            self.assert_signed(arrival, packet)

    def test_writes_both_files_into_the_outbox_or_says_that_it_could_not(self):
        self.use_outbox()
        self.start()
        packet = self.open_packet()
        self.assertEqual([("handed_over", 1)], self.wait_handed("outbox"))
        names = {path.name for path in self.outbox.iterdir()}
        self.assertEqual({f"{packet}.json", f"{packet}.md", f"{packet}.slice.jsonl"}, names)
        for name in names:
            self.assertEqual(0, (self.outbox / name).stat().st_mode & 0o027, name)
        written = json.loads((self.outbox / f"{packet}.json").read_text())
        self.assertEqual(packet, written["ledger_id"])
        self.assert_proved(written, (self.outbox / f"{packet}.slice.jsonl").read_text())

    def test_what_we_lack_uses_no_attempt_up_and_is_said_at_the_start(self):
        self.packets.update({"outbox": str(self.outbox),
                             "webhook_url_file": str(self.folder / "url"),
                             "webhook_key_file": str(self.folder / "key")})
        self.start()
        log = self.daemon_process
        harness.wait_for("both are named", lambda: log.err().count("cannot be handed over") == 2)
        self.assertIn(f"packets.outbox, {self.outbox}: the folder cannot be opened", log.err())
        self.assertIn(f"packets.webhook_url_file, {self.folder / 'url'}: there is none", log.err())
        packet = self.open_packet()
        time.sleep(1)
        self.assertEqual([], self.hand_overs("outbox") + self.hand_overs("webhook"))
        self.outbox.mkdir()
        receiver = self.receive(204)
        self.daemon_process.signal(signal.SIGHUP)
        self.assertEqual([("handed_over", 1)], self.wait_handed("outbox", patience=50))
        self.assertEqual([("handed_over", 1)], self.wait_handed("webhook", patience=50))
        self.assert_signed(receiver.arrivals[0], packet)
        self.assertEqual(2, log.err().count("cannot be handed over"), "each was said once")


if __name__ == "__main__":
    harness.main()
