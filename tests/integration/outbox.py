"""`smokeledger outbox` gives each packet in a folder to a command, whatever that command does: it
prints a lot, hangs, leaves others behind, takes the folder away."""

import os
import pathlib
import time

import harness

ONE = ["one.json", "one.md", "one.slice.jsonl"]


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
