"""A second reader of the ledger's format, written from its description alone: JSON lines, each with
the SHA-256 of itself and of the line before it."""

import hashlib
import json

MARK = b',"hash":"'


class Broken(AssertionError):
    """The bytes on disk are no ledger."""


def segments(folder):
    return sorted(folder.glob("ledger-*.jsonl")) if folder.exists() else []


def size(folder):
    return sum(segment.stat().st_size for segment in segments(folder))


def complete_lines(folder):
    """The bytes of every complete line; what follows the last newline of the last segment may be a
    torn tail."""
    lines = []
    for segment in segments(folder):
        lines += segment.read_bytes().split(b"\n")[:-1]
    return lines


def hash_of(line):
    body, _, tail = line.rpartition(MARK)
    computed = hashlib.sha256(b"smokeledger-line-v1\n" + body).hexdigest().encode()
    if tail != computed + b'"}':
        raise Broken(f"hash does not match: {line[:80]!r}")
    return computed


def first_seq(folder):
    """Of the oldest segment that retention has left; 0 where nothing was deleted."""
    oldest = segments(folder)[:1]
    return int(oldest[0].name.split("-")[1]) if oldest else 0


def chain(folder, first=0):
    """The hash of every line by its sequence number, from `first` on; fails where number, prev or
    hash is wrong."""
    hashes = []
    for seq, line in enumerate(complete_lines(folder), first):
        start = b'{"v":1,"seq":%d,"prev":"' % seq
        if not line.startswith(start):
            raise Broken(f"line {seq} begins with {line[:60]!r}")
        if hashes and not line.startswith(start + hashes[-1] + b'"'):
            raise Broken(f"line {seq} does not follow the one before it")
        hashes.append(hash_of(line))
    return hashes


def lines(folder, kind=None):
    """Parsed lines, all or of one kind."""
    parsed = map(json.loads, complete_lines(folder))
    return [line for line in parsed if kind in (None, line["kind"])]
