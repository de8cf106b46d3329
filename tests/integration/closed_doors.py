"""Somebody takes the ledger away from the service: a file system that turns read-only, a folder or file
that is removed, moved, replaced or written to, a second writer. Nothing is sent, and one message names
the path and what to do.
"""

import os
import shutil

import harness
import ledger_files
import loop_disk
from configuration import HOURLY, Configuration
from provider import Provider, chat_completion, http

EXIT_LOCKED, EXIT_UNUSABLE, EXIT_IO = 3, 4, 6
READ_ONLY = "Read-only file system; the file system is read-only"
LOCKED = "is being written by another process"


def require():
    loop_disk.require()


class ClosedDoors(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.disk = loop_disk.LoopDisk(self.folder / "image", self.folder / "disk", 32)
        self.addCleanup(self.disk.close)
        self.disk.mount()
        self.provider = Provider(lambda arrival: http(200, chat_completion()))
        self.addCleanup(self.provider.close)
        made = self.configuration = Configuration(self.folder, schedule=HOURLY)
        self.ledger = made.ledger = self.disk.path / "ledger"
        made.sections["ledger"]["dir"] = str(made.ledger)
        for number in range(3):
            made.simple_probe(f"p{number}", self.provider.url())
        made.write()

    def once(self, probe):
        return harness.command("once", "--config.file", self.configuration.file, probe)

    def segment(self):
        return ledger_files.segments(self.ledger)[-1]

    def check_closed(self, daemon, exit_code, *phrases):
        """It ended, and said why in one sentence."""
        self.assertEqual(exit_code, daemon.ended(), daemon.err())
        errors = [line["msg"] for line in harness.parse_log(daemon.err()) if line["level"] == "error"]
        self.assertEqual(1, len(errors), errors)
        for phrase in phrases:
            self.assertIn(phrase, errors[0])

    def close_under_service(self, deed, *phrases):
        daemon = self.started_daemon(self.configuration.file)
        self.assertEqual(0, self.once("p0").code)
        sent, path = len(self.provider.arrivals), str(self.segment())
        deed()
        answer = self.once("p1")
        self.assertEqual(1, answer.code, answer)
        self.assertIn("could not be written", answer.out)
        self.check_closed(daemon, EXIT_IO, path, *phrases)
        self.assertEqual(sent, len(self.provider.arrivals), "a request was sent")

    def goes_on(self):
        self.assertEqual(0, self.once("p2").code)
        self.assert_verifies(self.ledger)

    def test_a_file_system_that_turns_read_only_under_the_service(self):
        self.close_under_service(self.disk.become_read_only, READ_ONLY, "mount it writable")
        self.check_closed(self.daemon(self.configuration.file, name="next"), EXIT_IO,
                          str(self.ledger), READ_ONLY)
        self.disk.unmount()
        self.disk.mount()
        self.goes_on()

    def test_a_read_only_file_system_at_the_start(self):
        self.assertEqual(0, self.once("p0").code)
        sent = len(self.provider.arrivals)
        loop_disk.run("mount", "-o", "remount,ro", self.disk.path)
        self.check_closed(self.daemon(self.configuration.file), EXIT_IO, str(self.ledger), READ_ONLY)
        answer = self.once("p1")
        self.assertEqual(EXIT_IO, answer.code, answer)
        self.assertIn(READ_ONLY, answer.err)
        self.assertEqual(sent, len(self.provider.arrivals), "a request was sent")
        loop_disk.run("mount", "-o", "remount,rw", self.disk.path)
        self.goes_on()

    def test_a_new_ledger_on_a_read_only_file_system(self):
        loop_disk.run("mount", "-o", "remount,ro", self.disk.path)
        self.check_closed(self.daemon(self.configuration.file), EXIT_UNUSABLE, str(self.ledger),
                          READ_ONLY)
        self.assertEqual([], self.provider.arrivals)

    def test_a_folder_that_is_removed(self):
        self.close_under_service(lambda: shutil.rmtree(self.ledger), "was removed or moved", "Put back")

    def test_a_folder_that_is_moved_and_put_back(self):
        aside = self.disk.path / "aside"
        self.close_under_service(lambda: self.ledger.rename(aside), "was removed or moved")
        aside.rename(self.ledger)
        self.goes_on()

    def test_a_folder_that_is_replaced_by_a_copy(self):
        aside = self.disk.path / "aside"
        self.close_under_service(lambda: (self.ledger.rename(aside), shutil.copytree(aside, self.ledger)),
                                 "was replaced by another file")
        self.goes_on()

    def test_a_segment_that_is_replaced_by_a_copy(self):
        def rotate_as_logs_are():
            aside = self.segment().with_suffix(".1")
            self.segment().rename(aside)
            shutil.copy(aside, aside.with_suffix(".jsonl"))
        self.close_under_service(rotate_as_logs_are, "was replaced by another file", "Put back")
        self.goes_on()

    def test_a_segment_that_is_removed(self):
        self.close_under_service(lambda: self.segment().unlink(), "was removed or moved")

    def test_a_segment_that_someone_else_writes_to_or_cuts(self):
        kept = []

        def write():
            kept.append(self.segment().read_bytes())
            with open(self.segment(), "ab") as file:
                file.write(b"a line of someone else\n")
        self.close_under_service(write, "was changed by someone else", "Put back")
        self.segment().write_bytes(kept[0])
        self.goes_on()

    def test_a_second_service_and_a_second_writer(self):
        first = self.started_daemon(self.configuration.file)
        self.check_closed(self.daemon(self.configuration.file, name="second"), EXIT_LOCKED,
                          str(self.ledger), LOCKED, "stop that one")
        self.configuration.sections["control"]["socket"] = str(self.folder / "elsewhere.sock")
        self.configuration.write()  # so that it does not find the service
        answer = self.once("p0")
        self.assertEqual(EXIT_LOCKED, answer.code, answer)
        self.assertIn(LOCKED, answer.err)
        self.assertEqual([], self.provider.arrivals)
        self.assertEqual(0, first.stop())
        self.goes_on()

    def test_a_second_writer_that_someone_let_in_by_removing_the_lock(self):
        def let_in():
            os.unlink(self.ledger / "LOCK")
            self.configuration.sections["control"]["socket"] = str(self.folder / "elsewhere.sock")
            self.configuration.write()
            self.assertEqual(0, self.once("p2").code)
            self.configuration.sections["control"]["socket"] = str(self.configuration.socket)
            self.configuration.write()
            self.provider.arrivals.pop()
        self.close_under_service(let_in, "was changed by someone else")
        self.assert_verifies(self.ledger)


if __name__ == "__main__":
    harness.main()
