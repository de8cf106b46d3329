"""Where the ledger changes files: each scene is a state of the ledger and what a process does to it,
and its points are calls, each with a name for what has happened there. Taken together the points name every
call from the start of a process to what the scene is about."""

import dataclasses
import fnmatch
import os
import pathlib
import random
import re
import shutil
import tempfile
import time
import typing

import harness
import ledger_files
from configuration import HOURLY, Configuration
from provider import Provider, chat_completion, http

SEGMENT = "ledger/ledger-*.jsonl"
UNFINISHED = "ledger/ledger-*.jsonl.unfinished"
PROBES = 12
STATED_DAMAGE = 1  # exit code of `ledger verify`
COPY = "ledger/quarantine/ledger-*"
KEY, PUBLIC = "ledger/checkpoint-key.pem.unfinished", "ledger/checkpoint-key.pub.unfinished"


def seq_of(line):
    return int(re.search(rb'"seq":(\d+)', line)[1])


@dataclasses.dataclass
class Point:
    name: str  # what has happened when the process is killed
    when: str  # before, during, after
    call: str
    path: str
    nth: int = 1

    def rule(self):
        return f"{self.when} {self.call} {self.path} {self.nth}"


def unnamed(calls, points, everywhere):
    """Of the calls up to the last one that has a point; `everywhere`: points of each start."""
    counts, without, last = {}, [], 0
    for number, call in enumerate(calls):
        name, _, path = call.partition(" ")
        meant = {(p.call, p.path) for p in points + everywhere
                 if p.call == name and fnmatch.fnmatchcase(path, p.path)}
        for key in meant:
            counts[key] = counts.get(key, 0) + 1
        places = {(*key, counts[key]) for key in meant}
        if places & {(p.call, p.path, p.nth) for p in points}:
            last = number
        elif not places & {(p.call, p.path, p.nth) for p in everywhere}:
            without.append((number, call))
    return [call for number, call in without if number < last]


@dataclasses.dataclass
class Scene:
    name: str
    prepare: typing.Callable = lambda test: None  # makes the ledger that it begins with
    settings: dict = dataclasses.field(default_factory=dict)  # of [ledger]
    points: list = dataclasses.field(default_factory=list)
    breaks: bool = False  # `ledger break` instead of a run


def line(name, nth, nth_sync):
    """A line that is appended: its places, and its write and its sync by number."""
    return [Point(f"before_{name}_is_written", "before", "write", SEGMENT, nth),
            Point(f"half_of_{name}_written", "during", "write", SEGMENT, nth),
            Point(f"{name}_written_not_synced", "before", "fdatasync", SEGMENT, nth_sync),
            Point(f"{name}_synced_not_acknowledged", "after", "fdatasync", SEGMENT, nth_sync)]


def new_segment():
    """Until it has everything it begins with."""
    return [Point("before_the_next_segment_is_begun", "before", "create", UNFINISHED),
            Point("next_segment_begun", "after", "create", UNFINISHED),
            Point("space_for_the_header_set_aside", "after", "fallocate", UNFINISHED),
            Point("half_of_the_header_written", "during", "write", UNFINISHED),
            Point("header_written_not_synced", "before", "fdatasync", UNFINISHED),
            Point("header_synced", "after", "fdatasync", UNFINISHED)]


def naming(directory_sync):
    return [Point("before_the_next_segment_is_renamed", "before", "rename", UNFINISHED),
            Point("next_segment_renamed", "after", "rename", UNFINISHED),
            Point("before_the_name_is_synced", "before", "fsync", "ledger", directory_sync),
            Point("name_of_the_next_segment_synced", "after", "fsync", "ledger", directory_sync)]


REOPENED = [Point("lock_taken", "after", "flock", "ledger/LOCK"),
            Point("before_what_is_there_is_synced", "before", "fsync", SEGMENT),
            Point("what_is_there_synced", "after", "fsync", SEGMENT),
            Point("read_back_not_synced", "before", "fdatasync", SEGMENT),
            Point("read_back_and_synced", "after", "fdatasync", SEGMENT),
            Point("directory_read_back_synced", "after", "fsync", "ledger"),
            Point("space_set_aside", "after", "fallocate", SEGMENT)]


def key_file(what, path, nth):
    return [Point(f"{what}_begun", "after", "create", path),
            Point(f"half_of_{what}_written", "during", "write", path),
            Point(f"{what}_written", "before", "fchmod", path),
            Point(f"{what}_not_synced", "before", "fsync", path),
            Point(f"{what}_synced", "after", "fsync", path),
            Point(f"{what}_renamed", "after", "rename", path),
            Point(f"{what}_durable", "after", "fsync", "ledger", nth)]


def some_runs(test):
    test.run_once(0)


def old_runs(test):
    test.run_once(0)
    time.sleep(1.1)  # times are whole seconds


def with_torn_tail(test):
    test.run_once(0)
    newest = ledger_files.segments(test.configuration.ledger)[-1]
    newest.write_bytes(newest.read_bytes()[:-100])


def without_the_next_segment(test):
    """As a kill between the seal and the name of the next segment leaves it."""
    two_segments(test)
    ledger_files.segments(test.configuration.ledger)[-1].unlink()


def with_an_unfinished_segment(test):
    test.run_once(0)
    name = "ledger-00000000000000000009-0123456789abcdef.jsonl.unfinished"
    (test.configuration.ledger / name).write_bytes(b'{"v":1,"seq":9')


def two_segments(test):
    old_runs(test)
    test.configuration.sections["ledger"]["segment_age"] = "1s"
    test.configuration.write()
    test.run_once(10)


def old_segments(test):
    two_segments(test)
    time.sleep(1.1)


def with_a_damaged_line(test):
    test.run_once(0)
    newest = ledger_files.segments(test.configuration.ledger)[-1]
    newest.write_bytes(newest.read_bytes().replace(b'"usable_response"', b'"usable_respomse"', 1))


SCENES = [
    Scene("creation", points=[
        Point("before_the_directory_is_made", "before", "mkdir", "ledger"),
        Point("directory_made", "after", "mkdir", "ledger"),
        Point("directory_synced", "after", "fsync", "."),
        Point("lock_made", "after", "create", "ledger/LOCK"),
        Point("lock_taken", "after", "flock", "ledger/LOCK"),
        *key_file("key", KEY, 1), *key_file("public_key", PUBLIC, 2),
        *new_segment(), *naming(3),
        Point("space_set_aside", "after", "fallocate", SEGMENT),
        *line("the_policies", 1, 1)]),
    Scene("append", some_runs, points=[
        *REOPENED, *line("the_attempt", 1, 2), *line("the_outcome", 2, 3), *line("the_checkpoint", 3, 4)]),
    Scene("rotation", old_runs, {"segment_age": "1s"}, [
        *new_segment(), *line("the_seal", 1, 2), *naming(2),
        Point("space_in_the_next_segment_set_aside", "after", "fallocate", SEGMENT),
        *line("the_first_line", 2, 3)]),
    Scene("retirement", old_segments, {"segment_age": "0s", "retention": "1s"}, [
        *line("the_retired_line", 1, 2),
        Point("before_a_segment_is_deleted", "before", "unlink", SEGMENT),
        Point("segment_deleted", "after", "unlink", SEGMENT),
        Point("before_the_deletion_is_synced", "before", "fsync", "ledger", 2),
        Point("deletion_synced", "after", "fsync", "ledger", 2)]),
    Scene("recovery", with_torn_tail, points=[
        Point("quarantine_made", "after", "mkdir", "ledger/quarantine"),
        Point("quarantine_synced", "after", "fsync", "ledger"),
        Point("copy_of_the_tail_begun", "after", "create", COPY),
        Point("half_of_the_tail_copied", "during", "write", COPY),
        Point("tail_copied_not_synced", "before", "fsync", COPY),
        Point("tail_copied_and_synced", "after", "fsync", COPY),
        Point("name_of_the_copy_synced", "after", "fsync", "ledger/quarantine"),
        Point("before_the_tail_is_cut_off", "before", "ftruncate", SEGMENT),
        Point("tail_cut_off_not_synced", "after", "ftruncate", SEGMENT),
        Point("tail_cut_off_and_synced", "after", "fsync", SEGMENT, 2),
        Point("read_back_and_synced", "after", "fdatasync", SEGMENT),
        Point("directory_read_back_synced", "after", "fsync", "ledger", 2),
        *line("the_recovered_line", 1, 2)]),
    Scene("sealed_without_a_successor", without_the_next_segment,
          points=[*new_segment(), *naming(2)]),
    Scene("unfinished_segment", with_an_unfinished_segment, points=[
        Point("before_the_unfinished_segment_is_removed", "before", "unlink", UNFINISHED),
        Point("unfinished_segment_removed", "after", "unlink", UNFINISHED)]),
    Scene("break", with_a_damaged_line, breaks=True, points=[*new_segment(), *naming(1)]),
]


class LedgerScenes(harness.TestCase):
    """Puts scenes on the stage, and looks at what is left of them. Each run is of another probe,
    because of the minimum interval: the newest one starts again."""

    def setUp(self):
        super().setUp()
        self.seed = random.SystemRandom().randrange(1 << 31)
        self.chance = random.Random(self.seed)
        self.not_on_disk = []
        self.provider = Provider(self.answer)
        self.addCleanup(self.provider.close)
        # Neither a kill nor an error that is made up asks for a real disk: memory is quicker.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else self.folder
        self.disk = pathlib.Path(tempfile.mkdtemp(prefix="smokeledger-", dir=memory))
        self.addCleanup(shutil.rmtree, self.disk, ignore_errors=True)
        made = self.configuration = Configuration(self.folder, schedule=HOURLY)
        made.ledger = self.disk / "ledger"
        made.sections["ledger"]["dir"] = str(made.ledger)
        for number in range(PROBES):
            made.simple_probe(f"p{number}", self.provider.url())

    def answer(self, arrival):
        # On the provider's thread: the attempt line has to be there before its request.
        line = b'"request_id":"%s"' % arrival.request_id.encode()
        if not any(line in known for known in ledger_files.complete_lines(self.configuration.ledger)):
            self.not_on_disk.append(arrival.request_id)
        return http(200, chat_completion())

    def keep(self, scene):
        """Makes the ledger that the scene begins with, and the configuration it is played with."""
        self.configuration.sections["ledger"].update(segment_age="0s", retention="0s")
        self.configuration.write()
        shutil.rmtree(self.configuration.ledger, ignore_errors=True)
        scene.prepare(self)
        if self.configuration.ledger.exists():
            shutil.move(self.configuration.ledger, self.folder / scene.name)
        self.configuration.sections["ledger"].update(scene.settings)
        self.configuration.write()

    def prepared(self, scene):
        """Puts the scene's ledger in place: the same one each time. Gives its lines."""
        ledger = self.configuration.ledger
        shutil.rmtree(ledger, ignore_errors=True)
        kept = self.folder / scene.name
        if kept.exists():
            shutil.copytree(kept, ledger)
        return ledger_files.complete_lines(ledger)

    def run_once(self, probe):
        answer = harness.command("once", "--config.file", self.configuration.file, f"p{probe}")
        self.assertEqual(0, answer.code, answer)

    def arguments(self, scene, probe):
        if scene.breaks:
            return ["ledger", "break", "--ledger", self.configuration.ledger]
        return ["once", "--config.file", self.configuration.file, "-o", "json", f"p{probe}"]

    def look(self, before, where):
        """At what is left: every line that stood before, and of each request the line."""
        lines = ledger_files.complete_lines(self.configuration.ledger)
        there, oldest = set(lines), ledger_files.first_seq(self.configuration.ledger)
        lost = [line[:60] for line in before if line not in there and seq_of(line) >= oldest]
        self.assertEqual([], lost, f"{where}: lines that stood before are gone")
        self.assertEqual([], self.not_on_disk, f"{where}: a request left before its line was written")

    def check_requests(self, where, since):
        text = b"".join(ledger_files.complete_lines(self.configuration.ledger))
        for arrival in self.provider.arrivals[since:]:
            self.assertIn(b'"request_id":"%s"' % arrival.request_id.encode(), text, where)

    def check_start(self, scene, where):
        """Nobody helps: the same command again where it was a person's, then a run."""
        if scene.breaks:
            answer = harness.command(*self.arguments(scene, 0))
            self.assertIn(answer.code, (0, 1), f"{where}: {answer}")  # 1: it was already done
        answer = harness.command(*self.arguments(Scene(scene.name), PROBES - 1))
        self.assertEqual(0, answer.code, f"{where}: {answer}")
        verified = harness.command("ledger", "verify", "--ledger", self.configuration.ledger)
        self.assertEqual(STATED_DAMAGE if scene.breaks else 0, verified.code, f"{where}: {verified}")
        if not scene.breaks:
            first = ledger_files.first_seq(self.configuration.ledger)
            hashes = ledger_files.chain(self.configuration.ledger, first)
            self.assertIn(re.search(r'"hash":"(\w+)"', answer.out)[1].encode(), hashes, where)
