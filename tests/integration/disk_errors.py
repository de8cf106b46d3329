"""A write or sync of the ledger fails: every one of them in turn, with EIO and ENOSPC (made up by
strace), and writes that are cut short at a byte (by the limit of a file's size). Nothing is acknowledged or sent
that is not recorded, the descriptor that failed is left alone, the process ends with one clear message,
and the next start works. SMOKELEDGER_LONG=1 for both errors at every place and many more bytes.
"""

import os
import re
import resource
import subprocess
import time

import harness
import ledger_files
import ledger_scenes
import strace_log

LONG = os.environ.get("SMOKELEDGER_LONG") == "1"
EXIT_IO = 6
WORDS = {"EIO": "Input/output error", "ENOSPC": "No space left on device"}
# Writes of the main thread to files that are new: strace takes only paths that are known. Behind them
# it writes to descriptors that are none of the ledger's.
NEW_FILE_WRITES = {"creation": 3, "recovery": 1, "sealed_without_a_successor": 1, "break": 1}
SHORT = ("creation", "recovery")  # and the service that appends
CUT_BYTES = 40 if LONG else 4


def require():
    harness.need_program("strace")


class DiskErrors(ledger_scenes.LedgerScenes):
    def setUp(self):
        super().setUp()
        self.places = {}
        self.turn = 0

    def errors(self):
        """Both at each place, or one after the other from place to place."""
        self.turn += 1
        return tuple(WORDS) if LONG else (tuple(WORDS)[self.turn % 2],)

    def strace(self, call, error, nth, only, *what):
        self.log = self.folder / "strace"
        self.log.unlink(missing_ok=True)
        paths = [part for path in only for part in ("-P", path)]
        return ["strace", "-f", "-yy", "-o", self.log, "-e", strace_log.TRACED, *paths,
                "-e", f"inject={call}:error={error}:when={nth}", *what]

    def first_injected(self):
        """Its index among the calls, or None: nothing of the ledger was met."""
        self.seen = strace_log.calls(self.log)
        return next((index for index, call in enumerate(self.seen)
                     if call.injected and call.path.startswith(str(self.disk))), None)

    def check_failure(self, where, index, code, messages, error):
        failed = self.seen[index]
        self.assertEqual(EXIT_IO, code, f"{where}: {messages}")
        self.assertEqual(1, len(messages), f"{where}: {messages}")
        self.assertIn(WORDS[error], messages[0], where)
        self.assertIn(failed.path.removesuffix(".unfinished"), messages[0], where)
        self.assertEqual([], strace_log.touched_after_failure(self.seen), where)
        sent = [call.text for call in self.seen[index:]
                if call.name == "connect" and "AF_INET" in call.text]
        self.assertEqual([], sent, f"{where}: a request was sent after the error")
        self.places[failed.name] = self.places.get(failed.name, 0) + 1

    def fail_a_start(self, scene, call, error, nth, only):
        """Whether there is such a call at all."""
        where = f"{scene.name}: {error} at {call} {nth}"
        before, since = self.prepared(scene), len(self.provider.arrivals)
        only = ledger_files.segments(self.configuration.ledger)[-1:] if only else []
        arguments = self.strace(call, error, nth, only, harness.binary(), *self.arguments(scene, 1))
        done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL, timeout=harness.PATIENCE)
        index = self.first_injected()
        if index is None:
            return False
        messages = [line for line in done.stderr.splitlines() if "level=warning" not in line]
        self.check_failure(where, index, done.returncode, messages, error)
        self.assertEqual("", done.stdout, f"{where}: told as recorded")
        self.look(before, where)
        self.check_requests(where, since)
        self.check_start(scene, where)
        return True

    def fail_each(self, scene, call, only, most=30):
        for nth in range(1, most + 1):
            if not all([self.fail_a_start(scene, call, error, nth, only) for error in self.errors()]):
                return

    def test_every_write_and_sync_of_a_start_and_of_a_run(self):
        for scene in ledger_scenes.SCENES:
            if not LONG and scene.name not in SHORT:
                continue
            self.keep(scene)
            for call in ("fsync", "fdatasync"):
                self.fail_each(scene, call, only=False)
            self.fail_each(scene, "write", only=False, most=NEW_FILE_WRITES.get(scene.name, 0))
            if (self.folder / scene.name).exists() and not scene.breaks:
                self.fail_each(scene, "write", only=True)
        self.tell("starts and runs")

    def tell(self, what):
        self.assertGreaterEqual(set(self.places), {"write", "fdatasync"})
        places = ", ".join(f"{count} at {call}" for call, count in sorted(self.places.items()))
        print(f"\n{what}: errors {places}; 0 false acknowledgements")

    def fail_the_service(self, scene, call, error, nth, only):
        where = f"service, {scene.name}: {error} at {call} {nth}"
        self.prepared(scene)
        daemon = self.started_daemon(self.configuration.file)
        if scene.settings:
            time.sleep(1.2)  # the segment is old again
        before, since = self.acknowledged(daemon), len(self.provider.arrivals)
        only = ledger_files.segments(self.configuration.ledger)[-1:] if only else []
        tracer = self.own(harness.Process(self.folder, "tracer", self.strace(
            call, error, nth, only, "-p", daemon.pid)))
        harness.wait_for("strace looks on", lambda: "attached" in tracer.err())
        answer = harness.command("once", "--config.file", self.configuration.file, "-o", "json", "p1")
        code = daemon.stop() if answer.code == 0 else daemon.ended()
        tracer.ended()
        index = self.first_injected()
        if index is None:
            self.assertEqual((0, 0), (answer.code, code), f"{where}: {answer}")
            return False
        messages = [line["msg"] for line in harness.parse_log(daemon.err()) if line["level"] == "error"]
        self.check_failure(where, index, code, messages, error)
        self.look(before, where)
        self.check_requests(where, since)
        self.check_start(scene, where)
        return True

    def acknowledged(self, daemon):
        seq = daemon.gauge("smokeledger_ledger_seq")
        return [line for line in ledger_files.complete_lines(self.configuration.ledger)
                if ledger_scenes.seq_of(line) <= seq]

    def test_every_write_and_sync_of_the_service(self):
        for scene in ledger_scenes.SCENES:
            if scene.name not in (("append", "rotation") if LONG else ("append",)):
                continue
            self.keep(scene)
            for call, only in (("write", True), ("fdatasync", False), ("fsync", False)):
                for nth in range(1, 10):
                    if not all([self.fail_the_service(scene, call, error, nth, only)
                                for error in self.errors()]):
                        break
        self.tell("service")

    def test_writes_that_are_cut_short(self):
        """The limit of a file's size lets a write end at just that byte, also for root."""
        scene = next(scene for scene in ledger_scenes.SCENES if scene.name == "append")
        self.keep(scene)
        for number in range(CUT_BYTES):
            # Within the attempt line, some 1,000 bytes, or within the outcome line behind it.
            room = self.chance.choice((0, 1, self.chance.randrange(900), self.chance.randrange(3000)))
            self.cut_short(scene, room, f"{room} bytes of room (seed {self.seed})")
        print(f"\n{CUT_BYTES} writes cut short: 0 false acknowledgements, every tail recovered")

    def cut_short(self, scene, room, where):
        self.prepared(scene)
        for log in self.folder.glob("*.err"):
            log.unlink()  # the limit is on every file that the service writes
        daemon = self.started_daemon(self.configuration.file, restore_signals=False)
        before, since = self.acknowledged(daemon), len(self.provider.arrivals)
        newest = ledger_files.segments(self.configuration.ledger)[-1]
        full = newest.stat().st_size + room
        resource.prlimit(daemon.pid, resource.RLIMIT_FSIZE, (full, full))
        answer = harness.command("once", "--config.file", self.configuration.file, "-o", "json", "p1")
        self.assertNotEqual(0, answer.code, f"{where}: {answer}")
        self.assertEqual(EXIT_IO, daemon.ended(), f"{where}: {daemon.err()}")
        errors = [line["msg"] for line in harness.parse_log(daemon.err()) if line["level"] == "error"]
        self.assertEqual(1, len(errors), f"{where}: {errors}")
        self.assertRegex(errors[0], rf"cannot write {re.escape(str(newest))}: File too large", where)
        self.assertEqual(full, newest.stat().st_size, f"{where}: the write was not cut short")
        self.look(before, where)
        self.check_requests(where, since)
        torn = not newest.read_bytes().endswith(b"\n")
        self.check_start(scene, where)
        told = ledger_files.lines(self.configuration.ledger, "recovered")
        self.assertEqual(torn, bool(told), where)


if __name__ == "__main__":
    harness.main()
