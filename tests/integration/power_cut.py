"""The power is cut while lines are written, and no line that was acknowledged before is lost. On an
ext4 of the test's own, by the ioctl that makes it drop what is not on the disk. As many cuts with
fdatasync and fsync made to do nothing have to lose lines: else the test would see no loss.
SMOKELEDGER_LONG=1 for a hundred of each.
"""

import os
import random
import select
import shutil
import subprocess
import time

import harness
import ledger_files
import loop_disk

CUTS = 100 if os.environ.get("SMOKELEDGER_LONG") == "1" else 8
SEGMENT_BYTES = 32 << 10  # some twenty lines
LINES_AT_ONCE = (1, 1, 2, 8, 30)
RETENTION = 100  # seconds of a writer whose lines are a second apart
LOST_WITHOUT_SYNC = 0.95  # of cuts, at least


def require():
    loop_disk.require()
    harness.support("libinterposed_disk.so")


class Writer:
    """What it has acknowledged is read while it writes, so that it never waits for a reader."""

    def __init__(self, ledger, lines_at_once, retention=RETENTION, syncs=True):
        environment = dict(os.environ)
        if not syncs:
            environment.update(LD_PRELOAD=str(harness.support("libinterposed_disk.so")),
                               INTERPOSED_SYNC="none")
        arguments = [harness.support("ledger_writer"), ledger, SEGMENT_BYTES, retention, 0,
                     lines_at_once]
        self.child = subprocess.Popen(list(map(str, arguments)), stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, env=environment)
        self.told = b""

    def listen(self, seconds):
        """For so long; gives whether it still writes."""
        end = time.monotonic() + seconds
        while True:
            left = end - time.monotonic()
            ready, _, _ = select.select([self.child.stdout], [], [], max(left, 0))
            if not ready:
                return True
            heard = os.read(self.child.stdout.fileno(), 65536)
            if not heard:
                return False
            self.told += heard
            if left <= 0:
                return True

    def listen_for_a_line(self):
        harness.wait_for("a line is acknowledged", lambda: self.listen(0.001) and self.told, pause=0)

    def acknowledged(self):
        """{seq: hash} of what was told so far."""
        pairs = (line.split() for line in self.told.split(b"\n")[:-1])
        return {int(seq): line_hash for seq, line_hash in pairs}

    def kill(self):
        self.child.kill()
        self.child.wait()
        self.child.stdout.close()


class PowerCut(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.seed = random.SystemRandom().randrange(1 << 31)
        self.chance = random.Random(self.seed)
        memory = loop_disk.memory(self, 300)  # a file there is a quick disk
        self.disk = loop_disk.LoopDisk(memory / "image", self.folder / "disk", 256)
        self.addCleanup(self.disk.close)
        self.disk.mount()

    def cut(self, ledger, early, **options):
        """{seq: hash} of the lines acknowledged before the cut."""
        writer = Writer(ledger, self.chance.choice(LINES_AT_ONCE), **options)
        try:
            if not early:
                writer.listen_for_a_line()
            writer.listen(self.chance.uniform(0, 0.05 if early else 0.3))
            acknowledged = writer.acknowledged()
            self.disk.cut_power()
        finally:
            writer.kill()
        self.disk.unmount()
        self.disk.mount()
        return acknowledged

    def test_no_acknowledged_line_is_lost(self):
        ledger, known, lines, retired = self.disk.path / "ledger-0", {}, 0, 0
        for number in range(1, CUTS + 1):
            early = self.chance.random() < 0.25
            if early and self.chance.random() < 0.7:  # a new ledger, cut while it is made or soon after
                shutil.rmtree(ledger, ignore_errors=True)
                ledger, known = self.disk.path / f"ledger-{number}", {}
            told = self.cut(ledger, early)
            lines += len(told)
            known.update(told)
            retired += self.look(ledger, known, f"cut {number} of seed {self.seed}")
        print(f"\n{CUTS} power cuts: 0 of {lines} acknowledged lines lost, "
              f"{retired} ledgers with retired segments")

    def look(self, ledger, known, where):
        """After the next start, which needs nobody's help."""
        started = subprocess.run(
            [harness.support("ledger_writer"), ledger, str(SEGMENT_BYTES), str(RETENTION), "1", "1"],
            capture_output=True, text=True, check=False)
        self.assertEqual(0, started.returncode, f"{where}: {started.stderr}")
        self.assert_verifies(ledger)
        first = ledger_files.first_seq(ledger)
        hashes = dict(enumerate(ledger_files.chain(ledger, first), first))
        lost = [seq for seq, line in known.items() if seq >= first and hashes.get(seq) != line]
        self.assertEqual([], lost, f"{where}: acknowledged lines are lost")
        if first > 0:
            told = ledger_files.lines(ledger, "retired") or ledger_files.lines(ledger, "open")
            self.assertTrue(told, where)
        return first > 0

    def test_without_syncs_lines_are_lost(self):
        lossy = 0
        for number in range(CUTS):
            ledger = self.disk.path / f"ledger-{number}"
            told = self.cut(ledger, early=False, retention=0, syncs=False)
            there = b"".join(segment.read_bytes() for segment in ledger_files.segments(ledger))
            lossy += any(line not in there for line in told.values())
            shutil.rmtree(ledger, ignore_errors=True)
        print(f"\nwithout syncs {lossy} of {CUTS} power cuts lost acknowledged lines")
        self.assertGreaterEqual(lossy, LOST_WITHOUT_SYNC * CUTS, f"seed {self.seed}")


if __name__ == "__main__":
    harness.main()
