"""Packets are handed over: to a webhook that verifies signatures and misbehaves, and to an outbox
whose command misbehaves. Attempts are bounded, each packet has one line for each of the two, and a
kill between the packet and that line loses nothing."""

import hashlib
import hmac
import http.server
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import threading
import time

import harness
from configuration import Configuration

ONE = ["one.json", "one.md", "one.slice.jsonl"]
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


class Outbox(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.box = self.folder / "outbox"
        self.box.mkdir()
        self.seen = self.folder / "seen"

    def put(self, name):
        (self.box / f"{name}.json").write_text("{}")
        (self.box / f"{name}.md").write_text("# packet")
        (self.box / f"{name}.slice.jsonl").write_text("{}")
        time.sleep(0.02)

    def script(self, text):
        path = self.folder / "hand-over"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path

    def run_outbox(self, *command, flags=("--once",), env=None):
        return harness.command("outbox", "--dir", self.box, *flags, "--", *command, env=env)

    def names(self, folder):
        place = self.box / folder
        return sorted(path.name for path in place.iterdir() if path.is_file()) \
            if place.exists() else []

    def test_gives_each_packet_to_the_command_the_oldest_first(self):
        for name in ("b-2", "a-10", "c-1"):
            self.put(name)
        (self.box / ".half.json.tmp").write_text("{")
        (self.box / ".hidden.json").write_text("{")
        answer = self.run_outbox(self.script(f'echo "$@" >> {self.seen}; exec 3<&0; cat <&3'),
                                 "two words", "$HOME;`id`")
        self.assertEqual(0, answer.code, answer)
        expected = [f"two words $HOME;`id` {self.box}/{name}.json"
                    for name in ("b-2", "a-10", "c-1")]
        self.assertEqual(expected, self.seen.read_text().splitlines())
        self.assertEqual(sorted(f"{name}.{kind}" for name in ("b-2", "a-10", "c-1")
                                for kind in ("json", "md", "slice.jsonl")), self.names("done"))
        self.assertEqual([".half.json.tmp", ".hidden.json"], self.names("."))

    def test_gives_the_command_files_alone_and_leaves_nothing_that_would_start_it_again(self):
        (self.box / "link.json").symlink_to("/etc/passwd")
        (self.box / "gone.json").symlink_to("/nonexistent")
        (self.box / "folder.json").mkdir()
        answer = self.run_outbox(self.script(f'echo "$@" >> {self.seen}'))
        self.assertEqual(1, answer.code, answer)
        self.assertIn("link.json goes to failed/: it is no file", answer.err)
        self.assertFalse(self.seen.exists())
        self.assertEqual([], list(self.box.glob("*.json")))
        self.assertEqual(3, len(list((self.box / "failed").iterdir())))

    def test_ends_only_when_nothing_more_has_come(self):
        self.put("one")
        late = f"test -e {self.box}/late.json || test -e {self.seen} || echo x > {self.box}/late.json"
        answer = self.run_outbox(self.script(f'{late}; echo "$@" >> {self.seen}'))
        self.assertEqual(0, answer.code, answer)
        self.assertEqual([f"{self.box}/one.json", f"{self.box}/late.json"],
                         self.seen.read_text().splitlines())

    def test_gives_it_no_environment_but_the_path(self):
        self.put("one")
        env = {**os.environ, "CREDENTIALS_DIRECTORY": "/run/credentials", "TOKEN": "canary"}
        answer = self.run_outbox("/bin/sh", "-c", f"/usr/bin/env > {self.seen}", env=env)
        self.assertEqual(0, answer.code, answer)
        names = {line.partition("=")[0] for line in self.seen.read_text().splitlines()}
        self.assertLessEqual(names, {"PATH", "PWD", "SHLVL", "_", "OLDPWD"})

    def test_gives_up_after_three_tries(self):
        self.put("one")
        answer = self.run_outbox(self.script(f"echo x >> {self.seen}; echo why >&2; exit 255"))
        self.assertEqual(1, answer.code, answer)
        self.assertEqual(3, len(self.seen.read_text().splitlines()))
        self.assertIn("try 3 of 3: it ended with exit code 255", answer.err)
        self.assertIn("| why", answer.err)
        self.assertEqual(ONE, self.names("failed"))
        self.assertEqual([], self.names("."))

    def test_one_that_is_not_there_is_a_failed_try(self):
        self.put("one")
        answer = self.run_outbox("/nonexistent/command")
        self.assertEqual(1, answer.code, answer)
        self.assertIn("No such file or directory", answer.err)
        self.assertEqual(ONE, self.names("failed"))

    def test_kills_one_that_hangs_with_all_that_it_started(self):
        self.put("one")
        mark = f"{os.getpid()}.25"  # seconds: who sleeps so long is ours
        began = time.monotonic()
        answer = self.run_outbox(self.script(f"sleep {mark} & sleep {mark}"),
                                 flags=("--once", "--timeout", "300ms"))
        self.assertEqual(1, answer.code, answer)
        self.assertLess(time.monotonic() - began, 20)
        self.assertIn("it did not end in time", answer.err)
        self.assert_nobody_runs("sleep", mark)

    def test_kills_what_one_that_ended_left_behind_and_does_not_wait_for_it(self):
        self.put("one")
        mark = f"{os.getpid()}.75"
        began = time.monotonic()
        answer = self.run_outbox(self.script(f"sleep {mark} & exit 0"))
        self.assertEqual(0, answer.code, answer)
        self.assertLess(time.monotonic() - began, 10)
        self.assert_nobody_runs("sleep", mark)

    def assert_nobody_runs(self, *arguments):
        wanted = "\0".join(arguments).encode() + b"\0"

        def nobody():
            for process in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    if process.read_bytes() == wanted:
                        return False
                except OSError:
                    continue
            return True
        harness.wait_for("nobody runs it", nobody, patience=5)

    def test_keeps_little_of_what_one_prints_that_prints_a_lot(self):
        self.put("one")
        answer = self.run_outbox(
            self.script("yes 'a line' | head -c 100000000; printf '\\033[2J'"),
            flags=("--once", "--timeout", "50s"))
        self.assertEqual(0, answer.code, answer.err[-300:])
        self.assertIn("(it printed more)", answer.err)
        self.assertLess(len(answer.err), 200_000)

    def test_shows_what_one_prints_harmless(self):
        self.put("one")
        key = "sk-" + "abcdefghijklmnopqrstuvwxyz0123456789"
        answer = self.run_outbox(self.script(f"printf 'a\\033[2Jb\\n{key}\\n'"))
        self.assertEqual(0, answer.code, answer)
        self.assertNotIn("\033", answer.err)
        self.assertNotIn(key, answer.err)
        self.assertIn("| a?[2Jb", answer.err)

    def test_leaves_the_packet_where_it_is_when_told_to_end(self):
        self.put("one")
        process = self.own(harness.Process(
            self.folder, "outbox", [harness.binary(), "outbox", "--dir", self.box, "--",
                                    self.script(f"echo x >> {self.seen}; sleep 60")]))
        harness.wait_for("the command runs", self.seen.exists)
        self.assertEqual(1, process.stop())
        self.assertEqual(ONE, self.names("."))

    def test_goes_on_looking_and_lets_nobody_else_work_on_the_folder(self):
        process = self.own(harness.Process(
            self.folder, "outbox",
            [harness.binary(), "outbox", "--dir", self.box, "--", "/bin/true"]))
        self.put("early")
        harness.wait_for("it is at work", lambda: (self.box / "done" / "early.json").exists())
        answer = self.run_outbox("/bin/true", flags=())
        self.assertEqual(4, answer.code, answer)
        self.assertIn("another process works on it", answer.err)
        patient = self.own(harness.Process(
            self.folder, "patient",
            [harness.binary(), "outbox", "--once", "--dir", self.box, "--", "/bin/true"]))
        self.put("late")
        harness.wait_for("it was taken", lambda: self.names("done")[3:] == ["late.json", "late.md", "late.slice.jsonl"])
        self.assertTrue(patient.running(), "a run of the unit waits")
        self.assertEqual(0, process.stop())
        harness.wait_for("its turn came and went", lambda: not patient.running())
        self.assertEqual(0, patient.child.returncode)

    def test_what_was_handed_over_and_cannot_be_moved_is_not_handed_over_again(self):
        self.put("one")
        script = self.script(f"echo x >> {self.seen}; rmdir {self.box}/done")
        process = self.own(harness.Process(
            self.folder, "outbox",
            [harness.binary(), "outbox", "--once", "--dir", self.box, "--", script]))
        harness.wait_for("it says so", lambda: "waits for that" in process.err())
        time.sleep(2.5)
        self.assertEqual(1, len(self.seen.read_text().splitlines()))
        self.assertEqual(1, process.err().count("waits for that"))
        (self.box / "done").mkdir()
        harness.wait_for("it ended", lambda: not process.running())
        self.assertEqual(0, process.child.returncode)
        self.assertEqual(ONE, self.names("done"))

    def test_runs_nothing_where_there_is_no_place_for_what_was_handed_over(self):
        self.put("one")
        (self.box / "done").write_text("a file")
        answer = self.run_outbox(self.script(f"echo x >> {self.seen}"))
        self.assertEqual(4, answer.code, answer)
        self.assertIn("done/: File exists", answer.err)
        self.assertFalse(self.seen.exists())

    def test_refuses_flags_that_say_nothing(self):
        self.assertEqual(2, harness.command("outbox", "--dir", self.box).code)
        self.assertEqual(2, self.run_outbox("/bin/true", flags=("--timeout", "soon")).code)
        answer = harness.command("outbox", "--dir", self.folder / "none", "--once", "--", "true")
        self.assertEqual(4, answer.code, answer)


if __name__ == "__main__":
    harness.main()
