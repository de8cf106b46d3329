"""What every integration test needs: a folder, the processes in it, and patience with a deadline.

A test file is run as `NAME.py BINARY [FLAGS]` (see CMakeLists.txt). Exit codes: 0 passed, 1 failed,
77 not run here; with CI set in the environment, what cannot be run fails instead.
"""

import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
NOT_RUN = 77
PATIENCE = 60.0  # seconds; a deadline for a slow machine, not an expectation


class NotRunHere(Exception):
    """The machine lacks something that the test needs."""


def binary():
    return os.environ["SMOKELEDGER_BINARY"]


def wait_for(what, condition, patience=PATIENCE, pause=0.02):
    """The first true value of condition(); fails when it stays false."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"after {patience:.0f} s still not true: {what}")
        time.sleep(pause)


def need_program(name):
    path = shutil.which(name)
    if path is None:
        raise NotRunHere(f"{name} is not installed")
    return path


def support(name):
    """A program or library of tests/support, as it is built beside the binary."""
    path = pathlib.Path(binary()).parent / "tests" / name
    if not path.exists():
        raise NotRunHere(f"{path} is not built")
    return path


class Process:
    """A child whose output goes to files, so that it never waits for a reader."""

    def __init__(self, folder, name, arguments, **options):
        self.out_file = folder / f"{name}.out"
        self.err_file = folder / f"{name}.err"
        with open(self.out_file, "ab") as out, open(self.err_file, "ab") as err:
            self.began_at = err.tell()  # of this process's part of the file
            self.child = subprocess.Popen(
                [str(argument) for argument in arguments],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=folder, **options)

    @property
    def pid(self):
        return self.child.pid

    def out(self):
        return self.out_file.read_text(errors="replace")

    def err(self):
        return self.err_file.read_bytes()[self.began_at:].decode(errors="replace")

    def running(self):
        return self.child.poll() is None

    def signal(self, number):
        self.child.send_signal(number)

    def kill(self):
        if self.running():
            self.child.kill()
        self.child.wait()

    def ended(self, patience=PATIENCE):
        """The exit code; negative for a signal."""
        try:
            return self.child.wait(patience)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"process {self.pid} still runs after {patience} s\n{self.err()}")

    def stop(self, patience=PATIENCE):
        if self.running():
            self.signal(signal.SIGTERM)
        return self.ended(patience)


class Stub(Process):
    """`smokeledger stub`: the loopback provider."""

    def __init__(self, folder, script="ok", name="stub"):
        super().__init__(folder, name,
                         [binary(), "stub", "--listen", "127.0.0.1:0", "--script", script])
        self.address = wait_for("the stub tells its address", self._first_line)

    def _first_line(self):
        if not self.running():
            raise AssertionError(f"the stub ended: {self.err()}")
        first, newline, _ = self.out().partition("\n")
        return first if newline else ""

    def url(self, script):
        return f"http://{self.address}/s/{script}"

    def arrivals(self):
        return json.loads(http_get(self.address, "/stub/arrivals").body)


class Daemon(Process):
    """`smokeledger run`. Its address is read from its log, because the port is its own choice."""

    def __init__(self, folder, config, *flags, name="daemon", **options):
        super().__init__(folder, name, [binary(), "run", "--config.file", config, *flags],
                         **options)

    def addresses(self):
        """Of the listeners but the stub's, in the order they were opened in; logfmt or JSON."""
        return re.findall(r'(?<!stub )listening"?[ ,]"?address"?[=:]"?([0-9.:\[\]]+)',
                          self.complete_log())

    def complete_log(self):
        """Without a line that is still being written."""
        return self.err().rpartition("\n")[0]

    def started(self):
        return re.search(r'msg"?[=:]"?started', self.complete_log()) is not None

    def wait_started(self, patience=PATIENCE):
        def condition():
            if not self.running():
                raise AssertionError(f"the daemon ended with {self.child.returncode}: {self.err()}")
            return self.started()
        wait_for("the daemon is started", condition, patience)
        return self

    def get(self, path, **headers):
        return http_get(self.addresses()[0], path, **headers)

    def metrics(self):
        return parse_metrics(self.get("/metrics").body)

    def gauge(self, name):
        return self.metrics()[name]


class HttpReply:
    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        self.status = int(head.split(b" ", 2)[1])
        self.head = head.decode("latin-1")
        self.body = self.body.decode()


def http_get(address, path, **headers):
    """One request on one connection; `host` may be given as a header."""
    host, _, port = address.rpartition(":")
    lines = {"host": address, "connection": "close", **headers}
    request = f"GET {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
    with socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE) as connection:
        connection.sendall(request.encode() + b"\r\n")
        raw = b"".join(iter(lambda: connection.recv(65536), b""))
    return HttpReply(raw)


def parse_metrics(text):
    """{'name{labels}': value}, the labels in alphabetical order."""
    samples = (line.rpartition(" ") for line in text.splitlines() if line and line[0] != "#")
    return {series(name): float(value) for name, _, value in samples}


def series(name):
    bare, brace, labels = name.partition("{")
    ordered = ",".join(sorted(re.findall(r'\w+="(?:[^"\\]|\\.)*"', labels)))
    return f"{bare}{{{ordered}}}" if brace else bare


class Answer:
    def __init__(self, done):
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    def __repr__(self):
        return f"exit {self.code}\nstdout: {self.out}\nstderr: {self.err}"


def command(*arguments, patience=PATIENCE, **options):
    """Runs `smokeledger ARGUMENTS` to its end."""
    return Answer(subprocess.run([binary(), *map(str, arguments)], capture_output=True, text=True,
                                 stdin=subprocess.DEVNULL, timeout=patience, **options))


def parse_log(text):
    """Each logfmt line as {key: value}."""
    return [dict(pair.partition("=")[::2] for pair in shlex.split(line))
            for line in text.splitlines()]


class TestCase(unittest.TestCase):
    """A temporary folder each, and no process left behind."""

    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="smokeledger-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def own(self, process):
        self.addCleanup(process.kill)
        return process

    def stub(self, script="ok", **options):
        return self.own(Stub(self.folder, script, **options))

    def daemon(self, config, *flags, **options):
        return self.own(Daemon(self.folder, config, *flags, **options))

    def started_daemon(self, config, *flags, **options):
        return self.daemon(config, *flags, **options).wait_started()

    def assert_verifies(self, ledger):
        answer = command("ledger", "verify", "--ledger", ledger)
        self.assertEqual(0, answer.code, answer)

    def assert_replays(self, ledger):
        """Every decision follows from what was recorded; gives the number of outcomes."""
        answer = command("ledger", "replay", "--ledger", ledger, "-o", "json", patience=300)
        self.assertEqual(0, answer.code, answer)
        found = json.loads(answer.out)  # one line: no difference stands before it
        self.assertEqual((0, 0, None), (found["differ"], found["could_not_be_replayed"],
                                        found["problem"]))
        return found["outcomes_replayed"]


def main():
    """Runs the tests of the calling file. argv: the binary, then what unittest understands."""
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} BINARY [unittest flags]")
    os.environ["SMOKELEDGER_BINARY"] = str(pathlib.Path(sys.argv.pop(1)).resolve())
    try:
        sys.modules["__main__"].__dict__.get("require", lambda: None)()
    except NotRunHere as reason:
        print(f"not run here: {reason}")
        sys.exit(1 if os.environ.get("CI") else NOT_RUN)
    unittest.main(verbosity=2, warnings="ignore")
