"""Ways to spoil a ledger: {file name: bytes} in, the same spoiled out. A slice is the one file
`slice`."""

import base64
import hashlib
import re

FRAME = re.compile(rb'\{"v":1,"seq":\d+,"prev":"[0-9a-f]{64}"(,"kind":"[^"]*","ledger_id":"[^"]*-)\d+"')
HASHED = re.compile(rb',"hash":"[0-9a-f]{64}"\}$')
NOTE = re.compile(rb'(smokeledger-chain-v1/[^\\]*\\u000a)\d+\\u000a[^\\]*\\u000a')


def lines_of(files):
    """[[line, ...] of each file], in the order of the names."""
    return [files[name].split(b"\n")[:-1] for name in sorted(files)]


def joined(lines):
    return b"".join(line + b"\n" for line in lines)


def with_lines(files, groups):
    return {name: joined(group) for name, group in zip(sorted(files), groups)}


def place(files, chance):
    """A random file that is not empty, by its name."""
    return chance.choice([name for name in sorted(files) if files[name]])


def flip_a_bit(files, chance):
    name = place(files, chance)
    data = bytearray(files[name])
    at = chance.randrange(len(data) * 8)
    data[at // 8] ^= 1 << at % 8
    return {**files, name: bytes(data)}


def cut_a_file(files, chance):
    name = place(files, chance)
    return {**files, name: files[name][:chance.randrange(len(files[name]))]}


def cut_the_end(files, chance):
    """At any byte of the last file, as a power cut may."""
    name = max(files)
    return {**files, name: files[name][:chance.randrange(len(files[name]) + 1)]}


def cut_between_lines(files, chance):
    groups = lines_of(files)
    del groups[-1][chance.randrange(len(groups[-1])):]
    return with_lines(files, groups)


def add_bytes(files, chance):
    name = place(files, chance)
    data = files[name]
    at = chance.choice([len(data), chance.randrange(len(data))])
    more = chance.choice([b"\0" * 5000, b"\0" * 40000, b"\n", b"x", b'{"v":1,"seq":', b"x" * 17000,
                          chance.randbytes(20)])
    return {**files, name: data[:at] + more + data[at:]}


def remove_a_line(files, chance):
    groups = lines_of(files)
    group = chance.choice(groups)
    del group[chance.randrange(len(group))]
    return with_lines(files, groups)


def repeat_a_line(files, chance):
    groups = lines_of(files)
    group = chance.choice(groups)
    group.insert(chance.randrange(len(group) + 1), chance.choice(chance.choice(groups) or [b""]))
    return with_lines(files, groups)


def swap_lines(files, chance):
    groups = lines_of(files)
    one, two = chance.choice(groups), chance.choice(groups)
    a, b = chance.randrange(len(one)), chance.randrange(len(two))
    one[a], two[b] = two[b], one[a]
    return with_lines(files, groups)


def remove_a_file(files, chance):
    spoiled = dict(files)
    del spoiled[chance.choice(sorted(files))]
    return spoiled or {name: b"" for name in files}


def swap_files(files, chance):
    one, two = chance.choice(sorted(files)), chance.choice(sorted(files))
    return {**files, one: files[two], two: files[one]}


def rename_a_file(files, chance):
    if "slice" in files:
        return dict(files)
    spoiled = dict(files)
    name = chance.choice(sorted(files))
    digits = list(name)
    at = chance.choice([i for i in range(len("ledger-"), len(name) - len(".jsonl")) if name[i] != "-"])
    digits[at] = chance.choice("0123456789")
    spoiled["".join(digits)] = spoiled.pop(name)
    return spoiled


def chained_anew(files, correct_notes):
    """Numbers, prevs, hashes and names made to fit whatever the lines say now: what somebody can do
    who may write the files and has no key. `correct_notes`: the checkpoints' texts, too."""
    head, seq, before, made = None, None, "", {}
    for name in sorted(files):
        lines = []
        for line in files[name].split(b"\n")[:-1]:
            if head is None:
                head = re.search(rb'"prev":"([0-9a-f]{64})"', line)[1].decode()
                seq = int(re.search(rb'"seq":(\d+)', line)[1]) - 1
            seq += 1
            if not lines:
                first = head[:16]
            line = FRAME.sub(lambda found: b'{"v":1,"seq":%d,"prev":"%s"%s%d"' % (
                seq, head.encode(), found[1], seq), line, 1)
            line = re.sub(rb'"previous_segment":"[^"]*"', b'"previous_segment":"%s"' % before.encode(),
                          line, 1)
            if correct_notes:
                base = base64.b64encode(bytes.fromhex(head))
                line = NOTE.sub(lambda found: found[1] + b"%d\\u000a%s\\u000a" % (seq, base), line, 1)
            covered = HASHED.sub(b"", line)
            head = hashlib.sha256(b"smokeledger-line-v1\n" + covered).hexdigest()
            lines.append(covered + b',"hash":"%s"}' % head.encode())
        if name != "slice":
            name = f"ledger-{seq + 1 - len(lines):020}-{first}.jsonl"
        made[name] = joined(lines)
        before = name
    return made


def edited(files, chance):
    """Another minute in a line that a checkpoint covers."""
    groups = lines_of(files)
    flat = [(group, at) for group in groups for at in range(len(group))]
    last = max(i for i, (group, at) in enumerate(flat) if b'"kind":"checkpoint"' in group[at])
    group, at = flat[chance.randrange(last)]
    minute = int(re.search(rb'"recorded_at":"[^"]*:(\d\d):\d\d', group[at])[1])
    other = chance.choice([m for m in range(60) if m != minute])
    group[at] = re.sub(rb'("recorded_at":"[^"]*:)\d\d(:\d\d)', rb"\g<1>%02d\g<2>" % other, group[at], 1)
    return with_lines(files, groups)


def forged(files, chance):
    return chained_anew(edited(files, chance), False)


def forged_with_the_checkpoints(files, chance):
    return chained_anew(edited(files, chance), True)


def chained_anew_without_the_last_lines(files, chance):
    groups = lines_of(files)
    del groups[-1][-chance.randrange(1, 3):]
    return chained_anew(with_lines(files, groups), chance.random() < 0.5)


def edit_a_checkpoint(files, chance):
    """Something in a note, under a right hash of its line."""
    groups = lines_of(files)
    group, at = chance.choice([(group, at) for group in groups for at, line in enumerate(group)
                               if b'"kind":"checkpoint"' in line])
    begin = group[at].index(b'"note":"') + len(b'"note":"')
    end = group[at].rindex(b'","hash"')
    where = chance.randrange(begin, end)
    character = chance.choice(b"0aA+/= \\u")
    group[at] = group[at][:where] + bytes([character]) + group[at][where + 1:]
    return chained_anew(with_lines(files, groups), False)


SPOILERS = {spoiler.__name__: spoiler for spoiler in (
    flip_a_bit, cut_a_file, cut_the_end, cut_between_lines, add_bytes, remove_a_line, repeat_a_line,
    swap_lines, remove_a_file, swap_files, rename_a_file, forged, forged_with_the_checkpoints,
    chained_anew_without_the_last_lines, edit_a_checkpoint)}


def spoil(files, chance):
    """(what was done, the spoiled files)"""
    what = chance.choice(sorted(SPOILERS))
    return what, SPOILERS[what](files, chance)
