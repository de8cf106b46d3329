"""kill -9 at every place where the ledger changes a file: named in ledger_scenes.py, killed there,
started again. After each kill nothing that was acknowledged is lost, and the next start needs nobody's
help.

The places are met by a library loaded into the process (tests/support/interposed_disk.cpp), which
kills it before, during (half a write) or after a call on a path. A call without a name fails the test,
and so does a name that no process gets to. SMOKELEDGER_LONG=1: several rounds, and restarts are killed
at a random place, too.
"""

import collections
import os
import re
import signal
import subprocess

import harness
import ledger_files
import ledger_scenes

LONG = os.environ.get("SMOKELEDGER_LONG") == "1"
ROUNDS = 5 if LONG else 1
RESTARTS_KILLED = 2 if LONG else 0  # of each round
KILLED = -signal.SIGKILL


def require():
    harness.need_program("strace")
    harness.support("libinterposed_disk.so")


class KillPoints(ledger_scenes.LedgerScenes):
    def setUp(self):
        super().setUp()
        self.kills = 0

    def environment(self, kill=""):
        self.log = self.folder / "calls"
        self.log.unlink(missing_ok=True)
        return {**os.environ, "LD_PRELOAD": str(harness.support("libinterposed_disk.so")),
                "INTERPOSED_UNDER": str(self.disk), "INTERPOSED_LOG": str(self.log),
                "INTERPOSED_KILL": kill}

    def started(self, scene, probe, kill):
        """Killed where `kill` says."""
        return harness.command(*self.arguments(scene, probe), env=self.environment(kill))

    def check_names(self, scene):
        """Of every call that the library meets, and it meets every call that strace sees."""
        self.prepared(scene)
        trace = self.folder / "strace"
        arguments = ["strace", "-f", "-yy", "-o", trace, harness.binary(), *self.arguments(scene, 1)]
        done = subprocess.run(list(map(str, arguments)), capture_output=True, text=True, check=False,
                              env=self.environment())
        self.assertEqual(0, done.returncode, done.stderr)
        self.calls = self.log.read_text().splitlines()
        met = collections.Counter(call.split(" ")[0] for call in self.calls)
        seen = collections.Counter(self.changes(trace))
        self.assertEqual(seen, collections.Counter({name: met[name] for name in seen}), scene.name)
        self.assertEqual(set(met) - {"create", "flock", "fchmod"}, set(seen), scene.name)
        unnamed = ledger_scenes.unnamed(self.calls, scene.points, ledger_scenes.REOPENED)
        self.assertEqual([], unnamed, f"{scene.name}: calls at which nothing is killed")

    def changes(self, trace):
        """Names of the calls by which strace saw something below self.disk change."""
        under = re.escape(str(self.disk))
        for line in trace.read_text(errors="replace").splitlines():
            on_file = re.match(rf"\d+ +(p?writev?6?4?|f\w*sync|fallocate|ftruncate)\(\d+<{under}", line)
            on_name = re.match(rf'\d+ +(rename|unlink|mkdir|link|truncate)\w*\([^"]*"{under}', line)
            if on_file or (on_name and " = -1" not in line):
                yield (on_file or on_name)[1]

    def kill_at(self, scene, point):
        where = f"{scene.name}, {point.name} (seed {self.seed})"
        before = self.prepared(scene)
        since = len(self.provider.arrivals)
        answer = self.started(scene, 1, point.rule())
        self.assertEqual(KILLED, answer.code, f"{where} was never reached: {answer}")
        self.kills += 1
        self.look(before, where)
        for probe in range(2, 2 + RESTARTS_KILLED):
            self.kill_a_restart(scene, probe, where)
        self.check_start(scene, where)
        self.check_requests(where, since)

    def kill_a_restart(self, scene, probe, where):
        before = ledger_files.complete_lines(self.configuration.ledger)
        when = self.chance.choice(("before", "during", "after"))
        answer = self.started(scene, probe, f"{when} * * {self.chance.randrange(1, 25)}")
        self.kills += answer.code == KILLED
        self.look(before, f"{where}, and again")

    def test_every_named_point(self):
        points = 0
        for scene in ledger_scenes.SCENES:
            self.keep(scene)
            self.check_names(scene)
            points += len(scene.points)
            for _ in range(ROUNDS):
                for point in scene.points:
                    self.kill_at(scene, point)
        print(f"\n{self.kills} kills, at each of {points} named points, seed {self.seed}: 0 lines lost, "
              "0 gaps, every next start by itself")


if __name__ == "__main__":
    harness.main()
