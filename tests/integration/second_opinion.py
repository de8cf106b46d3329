"""`ledger verify` and an independent verifier (tests/second_verifier.py) judge the same spoiled
ledgers and slices, and agree on every one.

    second_opinion.py BINARY [--ledgers N] [--seed S]

300 of them, or 20,000 with SMOKELEDGER_LONG=1.
"""

import argparse
import base64
import collections
import concurrent.futures
import json
import os
import pathlib
import random
import subprocess
import sys
import time

import harness
from configuration import HOURLY, Configuration
from spoiled_ledgers import SPOILERS, spoil

sys.path.insert(0, str(harness.SOURCE / "tests"))
import second_verifier  # noqa: E402

VERDICTS = {0: "sound", 1: "damaged", 4: "nothing"}


def require():
    harness.need_program("openssl")


class SecondOpinion(harness.TestCase):
    def setUp(self):
        super().setUp()
        stub = self.stub()
        self.configuration = Configuration(self.folder,
                                           schedule={**HOURLY, "minimum_interval": "0s"})
        self.configuration.sections["ledger"]["segment_size"] = "32KiB"
        for number in range(8):
            self.configuration.simple_probe(f"probe-{number}", stub.url("ok"))
        self.file = self.configuration.write()
        self.ledger = self.configuration.ledger

    def once(self, *probes):
        answer = harness.command("once", "--config.file", self.file, *probes)
        self.assertEqual(0, answer.code, answer)

    def key(self):
        return (self.ledger / "checkpoint-key.pub").read_text().strip()

    def small_and_large(self):
        """One segment of a few lines with two checkpoints; then three segments or more."""
        self.once("probe-0")
        self.once("probe-1")
        yield self.segments()
        while len(self.segments()) < 3:
            self.once()
        yield self.segments()

    def segments(self):
        return {path.name: path.read_bytes() for path in self.ledger.glob("ledger-*.jsonl")}

    def slice(self):
        """Of the first lines, through the first checkpoint behind the tenth."""
        ledger = json.loads(harness.command("ledger", "head", "--ledger", self.ledger).out)["ledger"]
        answer = harness.command("ledger", "export", "--ledger", self.ledger,
                                 "--from", f"{ledger}-0", "--to", f"{ledger}-9")
        self.assertEqual(0, answer.code, answer)
        return {"slice": answer.out.encode()}

    def retired(self):
        """What retention leaves: the newest segments, and the line that says so."""
        self.configuration.sections["ledger"]["retention"] = "1s"
        self.configuration.write()
        time.sleep(2.1)  # whole-second stamps
        self.once("probe-0")
        segments = self.segments()
        self.assertNotIn("ledger-" + "0" * 20, min(segments))
        return segments

    def bases(self):
        return [*self.small_and_large(), self.slice(), self.retired()]

    def product(self, flags):
        answer = harness.command("ledger", "verify", "-o", "json", *flags)
        self.assertIn(answer.code, VERDICTS, answer)
        found = {"verdict": VERDICTS[answer.code]}
        if answer.code == 0 and "--ledger" in flags:
            told = json.loads(answer.out)
            found.update(lines=told["verified_lines"], torn=told["incomplete_tail"])
        return found, answer

    def judge(self, case, files, keys):
        """Both verdicts of one ledger or slice."""
        folder = self.folder / f"case-{case}"
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        what = {"slice": str(folder / "slice")} if "slice" in files else {"ledger": str(folder)}
        flags = [part for key in keys for part in ("--key", key)]
        product, answer = self.product([f"--{[*what][0]}", [*what.values()][0], *flags])
        second = second_verifier.verdict(**what, key=keys[0] if keys else None)
        agreed = product["verdict"] == second["verdict"] and (
            "slice" in what or {**second, **product} == second)
        if agreed:
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()
        return agreed, second["verdict"], f"{folder}: {answer}\nsecond: {second}"

    def cases(self, chance):
        bases = self.bases()
        for case in range(FLAGS.ledgers):
            base = chance.choice([bases[0], *bases])
            what, files = spoil(base, chance)
            signed = "slice" in files or chance.random() < 0.7
            yield case, what, files, [self.key()] if signed else []

    def test_both_say_the_same_of_every_spoiled_ledger(self):
        chance = random.Random(FLAGS.seed)
        verdicts = collections.Counter()
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            waiting = collections.deque()

            def settle():
                what, signed, judged = waiting.popleft()
                agreed, verdict, why = judged.result()
                self.assertTrue(agreed, f"seed {FLAGS.seed}, {what}: {why}")
                if what.startswith("forged") and signed:
                    self.assertEqual("damaged", verdict, f"seed {FLAGS.seed}, {what}: {why}")
                verdicts[what, verdict] += 1

            for case, what, files, keys in self.cases(chance):
                waiting.append((what, bool(keys), pool.submit(self.judge, case, files, keys)))
                if len(waiting) > 8:
                    settle()
            while waiting:
                settle()
        for (what, verdict), count in sorted(verdicts.items()):
            print(f"{what}: {count} {verdict}")
        if FLAGS.ledgers >= 300:
            self.assertEqual(set(SPOILERS), {what for what, _ in verdicts})
            self.assertIn("sound", {verdict for _, verdict in verdicts})

    def test_both_find_what_nobody_spoiled_sound(self):
        for case, files in enumerate(self.bases()):
            for keys in ([self.key()], []) if "slice" not in files else ([self.key()],):
                agreed, verdict, why = self.judge(f"{case}-{len(keys)}", files, keys)
                self.assertTrue(agreed, why)
                self.assertEqual("sound", verdict, why)

    def test_both_want_the_right_key(self):
        self.once("probe-0")
        other = base64.b64encode(b"\x01" + bytes(range(32)))
        name = self.key().partition("+")[0]
        mine = f"{name}+00000000+{other.decode()}"
        answer = harness.command("ledger", "verify", "--ledger", self.ledger, "--key", mine)
        self.assertEqual(4, answer.code, "not a key: its id is not that of its bytes")
        self.assertEqual("damaged", second_verifier.verdict(self.ledger, key=mine)["verdict"])

    def test_the_second_verifier_is_a_program_of_at_most_80_lines(self):
        program = harness.SOURCE / "tests" / "second_verifier.py"
        self.assertLessEqual(len(program.read_text().splitlines()), 80)
        self.once("probe-0")
        done = subprocess.run([sys.executable, program, "--ledger", self.ledger, "--key", self.key()],
                              capture_output=True, text=True, check=True)
        self.assertEqual("sound", json.loads(done.stdout)["verdict"])


if __name__ == "__main__":
    flags = argparse.ArgumentParser()
    flags.add_argument("binary", type=pathlib.Path)
    flags.add_argument("--ledgers", type=int,
                       default=20_000 if os.environ.get("SMOKELEDGER_LONG") == "1" else 300)
    flags.add_argument("--seed", type=int, default=random.randrange(10**6))
    FLAGS, rest = flags.parse_known_args()
    sys.argv = [sys.argv[0], str(FLAGS.binary), *rest]
    print(f"seed {FLAGS.seed}, {FLAGS.ledgers} ledgers", flush=True)
    harness.main()
