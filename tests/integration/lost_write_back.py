"""A disk that fails when the page cache is written back: a loop device over a sparse file on a tmpfs
that runs full. fdatasync fails, and what it could not write stays readable until the next mount. Nothing
is acknowledged that the disk does not have, also not by the next start, which reads it.
SMOKELEDGER_LONG=1 for more rounds.
"""

import os
import re
import subprocess

import harness
import ledger_files
import loop_disk

LONG = os.environ.get("SMOKELEDGER_LONG") == "1"
LINES_AT_ONCE = (1, 2, 3, 5, 8, 13, 21, 34) if LONG else (1, 8)
MIB = 1 << 20
IMAGE, HOLES = 40 * MIB, 20 * MIB
ROOM = 400 * 1024  # bytes that the disk takes before it fails
SEGMENT_BYTES = 256 << 10
EXIT_IO = 6


def require():
    harness.need_program("strace")
    loop_disk.require("fallocate")


class LostWriteBack(harness.TestCase):
    def sparse_disk(self):
        """All of it is there but what a file would be written to next."""
        memory = self.memory = loop_disk.memory(self, 48)
        disk = loop_disk.LoopDisk(memory / "image", self.folder / "disk", IMAGE // MIB)
        self.addCleanup(disk.close)
        loop_disk.run("fallocate", "-l", IMAGE, disk.image)
        disk.mount()
        space = disk.path / "space"
        loop_disk.run("fallocate", "-l", HOLES, space)
        self.fill(disk.path / "rest", 0)
        os.sync()
        holes = loop_disk.extents(space)
        space.unlink()
        disk.unmount()
        for begin, size in holes:
            loop_disk.run("fallocate", "-p", "-o", begin, "-l", size, disk.image)
        disk.mount()
        disk.write_block_by_block()
        return disk

    def fill(self, path, room):
        """The file system of `path`, but for so many bytes."""
        free = os.statvfs(path.parent)
        with open(path, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize - room)

    def write(self, ledger, groups, lines, trace=None):
        arguments = [harness.support("ledger_writer"), ledger, SEGMENT_BYTES, 0, groups, lines]
        if trace is not None:
            arguments = ["strace", "-o", trace, "-yy", "-e",
                         "trace=write,pwrite64,fsync,fdatasync,close", *arguments]
        done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, check=False)
        pairs = (line.split() for line in done.stdout.splitlines())
        return done, {int(seq): line_hash.encode() for seq, line_hash in pairs}

    def check_calls(self, trace):
        """After the first sync that failed its descriptor is closed, and nothing else is done to it."""
        calls = re.findall(r"^(\w+)\((\d+)<([^>]*)>.* = (-?\w+)", trace.read_text(), re.M)
        failed = next(i for i, call in enumerate(calls)
                      if call[0] in ("fsync", "fdatasync") and call[3] == "-1")
        descriptor, path = calls[failed][1:3]
        later = []
        for name, other, _, _ in calls[failed + 1:]:
            if other == descriptor:
                if name == "close":
                    break
                later.append(name)
        self.assertEqual([], later, f"on descriptor {descriptor} after its sync failed")
        again = [call for call in calls[failed + 1:] if call[2] == path and call[0] != "close"]
        self.assertEqual([], again, "the file was written or synced again")

    def round(self, lines):
        disk = self.sparse_disk()
        ledger = disk.path / "ledger"
        done, known = self.write(ledger, 10, lines)
        self.assertEqual(0, done.returncode, done.stderr)
        os.sync()
        self.fill(self.memory / "filler", ROOM)
        trace = self.folder / "trace"
        done, told = self.write(ledger, 0, lines, trace)
        self.assertEqual(EXIT_IO, done.returncode, done.stderr)
        self.assertRegex(done.stderr, r"\Acannot sync [^\n]*: [A-Z][^\n]*\n\Z", "one clear message")
        self.check_calls(trace)
        known.update(told)
        (self.memory / "filler").unlink()  # the disk works again
        done, told = self.write(ledger, 10, lines)
        self.assertEqual(0, done.returncode, done.stderr)
        known.update(told)
        disk.unmount()  # and with that the page cache goes
        disk.mount()
        self.assert_verifies(ledger)
        there = ledger_files.chain(ledger)
        lost = [seq for seq, line in known.items() if seq >= len(there) or there[seq] != line]
        self.assertEqual([], lost, "acknowledged lines are not on the disk")
        return len(known)

    def test_what_the_page_cache_lost_is_acknowledged_by_nobody(self):
        for lines in LINES_AT_ONCE:
            with self.subTest(lines_at_once=lines):
                acknowledged = self.round(lines)
                print(f"\n{lines} lines at once: sync failed, 0 of {acknowledged} lost", end="")
            self.doCleanups()  # the disk of this round
            self.setUp()


if __name__ == "__main__":
    harness.main()
