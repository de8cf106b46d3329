"""Reading a large ledger, held against what it costs at least and against other tools, in one run.

    ledger_reading.py BINARY MAKE_LEDGER LEDGER_FLOOR [--lines N] [--measure]

Without --measure: that the answers agree with those of other tools, and that memory stays small.
With it also CPU, as medians of interleaved runs, and wall time where that is the subject; it needs
a machine that does nothing else, jq, and about 2 GB of disk.
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "integration"))
from configuration import HOURLY, Configuration  # noqa: E402

FLAGS = argparse.Namespace()
HOUR = ("--from", "2026-06-03T10:00:00Z", "--to", "2026-06-03T11:00:00Z")
ASKED = ("--decision", "escalate", "--family", "responses")
ROUNDS = 5
failures = []


def claim(true, what):
    print(("ok    " if true else "FAILED ") + what, flush=True)
    if not true:
        failures.append(what)


class Run:
    """One command: its output, CPU seconds of it and all it started, wall seconds."""

    def __init__(self, *command, shell=False, cores=None, keep=False):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.monotonic()
        pin = (lambda: os.sched_setaffinity(0, cores)) if cores else None
        child = subprocess.Popen(command[0] if shell else [str(word) for word in command],
                                 shell=shell, stdout=subprocess.PIPE if keep else subprocess.DEVNULL,
                                 env={**os.environ, "LC_ALL": "C"}, preexec_fn=pin)
        self.out = child.stdout.read() if keep else b""
        child.wait()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.wall = time.monotonic() - begin
        self.cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if child.returncode != 0:
            sys.exit(f"{command} ended with {child.returncode}")


def ledger(*words, **options):
    return Run(FLAGS.binary, "ledger", *words, "--ledger", FLAGS.ledger, **options)


def segments():
    return sorted(pathlib.Path(FLAGS.ledger).glob("ledger-*.jsonl"))


def outcomes():
    for segment in segments():
        with segment.open("rb") as lines:
            for line in lines:
                if b'"kind":"outcome"' in line[:250]:
                    yield line


def same_answers():
    found = json.loads(ledger("verify", "-o", "json", keep=True).out)
    written = sum(segment.read_bytes().count(b"\n") for segment in segments())
    claim(found["problem"] is None and found["verified_lines"] == written,
          f"verify checked all of {written} lines in {found['segments']} segments")
    asked, hour, all_of_them = [], [], 0
    for line in outcomes():
        all_of_them += 1
        says = json.loads(line)
        if says["fallback_decision"] == "escalate" and says["endpoint_family"] == "responses":
            asked.append(line)
        if HOUR[1] <= says["recorded_at"] < HOUR[3]:
            hour.append(line)
    for words, right in ((ASKED, asked), (HOUR, hour), (("--limit", "7", *ASKED), asked[-7:])):
        given = ledger("query", "-o", "json", *words, keep=True).out
        claim(given == b"".join(right) and right,
              f"query {' '.join(words)}: {len(right)} of {all_of_them} outcomes, as json.loads finds")


# What a process had before exec counts as its own peak: this small one starts the command.
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def small_memory():
    for words in (("verify",), ("query", *ASKED), ("query",), ("query", *HOUR),
                  ("export", "-o", "csv")):
        kib = int(Run(sys.executable, "-c", PEAK, FLAGS.binary, "ledger", *words, "--ledger",
                      FLAGS.ledger, keep=True).out)
        claim(kib <= 32 * 1024, f"{' '.join(words)}: at most 32 MiB resident ({kib / 1024:.1f})")


def medians(**runs):
    """Of interleaved runs, so that a noisy moment meets all of them."""
    taken = {name: [] for name in runs}
    for _ in range(ROUNDS):
        for name, run in runs.items():
            taken[name].append(run())
    return {name: statistics.median(values) for name, values in taken.items()}


def cpu_against_others():
    files = " ".join(str(segment) for segment in segments())
    one = {min(os.sched_getaffinity(0))}
    greps = (f"grep -hF '\"endpoint_family\":\"responses\"' {files} | "
             "grep -F '\"fallback_decision\":\"escalate\"' >/dev/null")
    jq = ("jq -c 'select(.kind==\"outcome\" and .fallback_decision==\"escalate\" and "
          f".endpoint_family==\"responses\")' {files} >/dev/null")
    spent = medians(
        floor=lambda: json.loads(Run(FLAGS.floor, FLAGS.ledger, cores=one, keep=True).out)["cpu_s"],
        verify=lambda: ledger("verify", cores=one).cpu,
        sha256sum=lambda: Run("sha256sum", *segments()).cpu,
        query=lambda: ledger("query", "-o", "json", *ASKED).cpu,
        greps=lambda: Run(greps, shell=True).cpu)
    spent["jq"] = Run(jq, shell=True).cpu
    size = sum(segment.stat().st_size for segment in segments())
    print(", ".join(f"{name} {seconds:.2f} s" for name, seconds in spent.items()),
          f"of CPU for {size / 1e9:.2f} GB")
    share = spent["floor"] / spent["verify"]
    claim(share >= 0.8, f"verify reaches {share:.0%} of its floor (80 %)")
    times = spent["sha256sum"] / spent["verify"]
    claim(times >= 2, f"verify takes {times:.1f} times less than sha256sum (2)")
    times = spent["jq"] / spent["query"]
    claim(times >= 20, f"query takes {times:.0f} times less than jq (20)")
    times = spent["greps"] / spent["query"]
    claim(times >= 1, f"query takes {times:.1f} times less than two piped greps (1)")


def ready_after(config, folder):
    """Seconds from exec to READY=1."""
    name = os.path.join(folder, "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(name)
        notified.settimeout(60)
        begin = time.monotonic()
        service = subprocess.Popen([FLAGS.binary, "run", "--config.file", config],
                                   stderr=subprocess.DEVNULL,
                                   env={**os.environ, "NOTIFY_SOCKET": name})
        while b"READY=1" not in notified.recv(4096):
            pass
        taken = time.monotonic() - begin
        service.terminate()
        service.wait()
    os.unlink(name)
    return taken


def start_with_it(folder):
    """The first line of a start goes to a new segment, for the lines are old: each start reads the
    whole of the last one, so that is put back as it was."""
    last = segments()[-1]
    kept = last.read_bytes()
    made = Configuration(pathlib.Path(folder), schedule={**HOURLY, "interval": "24h",
                                                         "backoff_cap": "24h"})
    made.sections["ledger"].update(dir=FLAGS.ledger, name="staging")
    made.provider("nowhere", "http://127.0.0.1:9")
    made.probe("probe", "nowhere-chat")
    config = made.write()
    taken = []
    for _ in range(ROUNDS):
        taken.append(ready_after(config, folder))
        for segment in segments():
            if segment > last:
                segment.unlink()
        last.write_bytes(kept)
    ms = statistics.median(taken) * 1000
    claim(ms <= 300, f"a start with it, and {len(kept) >> 20} MiB in its last segment, is ready after "
                     f"{ms:.0f} ms (300)")


def wall_where_it_counts():
    one = {min(os.sched_getaffinity(0))}
    spent = medians(one=lambda: ledger("verify", cores=one).wall,
                    all=lambda: ledger("verify").wall,
                    hour=lambda: ledger("query", "-o", "json", *HOUR).wall)
    cores = len(os.sched_getaffinity(0))
    times = spent["one"] / spent["all"]
    claim(cores < 2 or times >= 1.6, f"verify on {cores} cores is {times:.2f} times as fast (1.6)")
    claim(spent["hour"] <= 0.05, f"an hour's window takes {spent['hour'] * 1000:.0f} ms (50)")


def main():
    parser = argparse.ArgumentParser()
    for name in ("binary", "make", "floor"):
        parser.add_argument(name)
    parser.add_argument("--lines", type=int, default=50_000)
    parser.add_argument("--measure", action="store_true")
    parser.parse_args(namespace=FLAGS)
    if FLAGS.measure and not shutil.which("jq"):
        sys.exit("jq is needed for --measure")
    with tempfile.TemporaryDirectory(prefix="smokeledger-bench-") as folder:
        FLAGS.ledger = os.path.join(folder, "ledger")
        small = () if FLAGS.measure else ("8",)
        Run(FLAGS.make, FLAGS.ledger, FLAGS.lines, *small)
        same_answers()
        small_memory()
        if FLAGS.measure:
            cpu_against_others()
            wall_where_it_counts()
            start_with_it(folder)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
