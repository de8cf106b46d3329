"""What `strace -f -yy -o FILE` saw: its calls in order, and what must not happen after one failed."""

import dataclasses
import re

CALL = re.compile(r"(\w+)\((?:(\d+)<([^>]*)>)?(.*?)\)? += (-?\d+|\?)(.*)$")
TOUCHING = ("write", "pwrite64", "fsync", "fdatasync", "fallocate", "ftruncate")
TRACED = "trace=" + ",".join((*TOUCHING, "close", "connect"))


@dataclasses.dataclass
class Call:
    name: str
    descriptor: str
    path: str
    text: str
    failed: bool
    injected: bool


def calls(file):
    """Of all threads; a call that another one interrupted stands where it ended."""
    begun, found = {}, []
    for line in file.read_text(errors="replace").splitlines():
        thread, _, text = line.partition(" ") if line[:1].isdigit() else ("", "", line)
        text = text.strip()
        if text.endswith("<unfinished ...>"):
            begun[thread] = text.removesuffix("<unfinished ...>")
            continue
        resumed = re.match(r"<\.\.\. \w+ resumed>(.*)", text)
        if resumed:
            text = begun.pop(thread, "") + resumed[1]
        call = CALL.match(text)
        if call:
            name, descriptor, path, _, result, rest = call.groups()
            found.append(Call(name, descriptor or "", path or "", text, result == "-1",
                              "(INJECTED)" in rest))
    return found


def touched_after_failure(seen):
    """Calls on a descriptor after a write or sync of it failed, until it is closed."""
    bad, touched = set(), []
    for call in seen:
        if call.name == "close":
            bad.discard(call.descriptor)
        elif call.descriptor in bad and call.name in TOUCHING:
            touched.append(call.text)
        elif call.failed and call.name in ("write", "pwrite64", "fsync", "fdatasync"):
            bad.add(call.descriptor)
    return touched
