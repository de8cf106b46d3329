#!/usr/bin/env python3
"""A second opinion on a ledger, or on a slice of one: written from docs/ledger-format.md alone.
usage: (--ledger DIR | --slice FILE) [--key NAME+ID+KEY]. Exit: 0 sound, 1 damaged, 4 nothing to check."""
import base64, datetime, functools, hashlib, json, pathlib, re, subprocess, sys, tempfile
FRAME = re.compile(rb'\{"v":1,"seq":(0|[1-9]\d*),"prev":"([0-9a-f]{64})","kind":"([^"\\]*)","ledger_id":"([^"\\]*)-\1",'
                   rb'"recorded_at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)Z".*,"hash":"([0-9a-f]{64})"\}')
FILE = re.compile(r"ledger-(\d{20})-([0-9a-f]{16})\.jsonl", re.A)
SIGNATURE = re.compile("\u2014 ([!-*,-~]+) ([0-9A-Za-z+/]+=*)\n")

def need(true, why):
    if not true: raise ValueError(why)
@functools.lru_cache(maxsize=None)
def signed_by(key, text, signature):
    with tempfile.TemporaryDirectory() as folder:
        for name, data in ("key", bytes.fromhex("302a300506032b6570032100") + key), ("text", text), ("sig", signature):
            pathlib.Path(folder, name).write_bytes(data)
        openssl = "openssl pkeyutl -verify -pubin -keyform DER -rawin -inkey key -in text -sigfile sig"
        return subprocess.run(openssl.split(), cwd=folder, capture_output=True).returncode == 0
def check_note(note, ledger, seq, prev, key):
    text, _, rest = note.rpartition("\n\n")
    covered = ledger, seq, base64.b64encode(bytes.fromhex(prev)).decode()
    need(text == "smokeledger-chain-v1/%s\n%s\n%s" % covered, "the checkpoint is not of the lines before it")
    found, ours = SIGNATURE.findall(rest), False
    need(found and "".join(f"\u2014 {name} {b64}\n" for name, b64 in found) == rest, "not a signed note")
    for name, b64 in found:
        blob = base64.b64decode(b64)
        need(base64.b64encode(blob).decode() == b64 and len(blob) > 4, "not the base64 of a signature")
        if key and key.split("+", 2)[:2] == [name, blob[:4].hex()]:
            ours = signed_by(base64.b64decode(key.split("+", 2)[2])[1:], f"{text}\n".encode(), blob[4:])
            need(ours, "the signature is wrong")
    need(ours or not key, "not signed by the key")
class Chain:
    ledger = seq = head = kind = kept = None  # of the line read last; kept: the first that was not retired
    def read(self, raw, key):
        frame = FRAME.fullmatch(raw) if len(raw) <= 16384 and re.fullmatch(rb"[ -~]*", raw) else None
        seq, prev, self.kind, name, at, digest = (group.decode() for group in frame.groups()) if frame else need(False, "no line")
        datetime.datetime.fromisoformat(at)
        need(digest == hashlib.sha256(b"smokeledger-line-v1\n" + raw[:raw.rindex(b',"hash"')]).hexdigest(), "wrong hash")
        need(self.seq in (None, int(seq) - 1) and self.head in (None, prev), "not behind the line before it")
        need(name and name == (self.ledger or name), "of another ledger")
        self.ledger, self.seq, self.head, self.at = name, int(seq), digest, at + "Z"
        self.line = json.loads(raw) if self.kind in ("open", "retired", "checkpoint", "seal") else {}
        self.kept = self.line["first_seq"] if self.kind == "retired" else self.kept
        if self.kind == "checkpoint": check_note(self.line["note"], name, seq, prev, key)
    def read_segment(self, path, before, last, key):
        *lines, tail = path.read_bytes().split(b"\n")
        begin, digits = FILE.fullmatch(path.name).groups()
        need(lines and self.seq in (None, int(begin) - 1), "a segment, or its lines, are missing")
        for number, raw in enumerate(lines):
            need(number == 0 or self.kind != "seal", "a line behind the seal")
            self.read(raw, key)
            need((number == 0) == (self.kind == "open"), "open is the first line and no other")
            first, low, high = (first, min(low, self.at), max(high, self.at)) if number else (self.line, self.at, self.at)
        tell, reviews = self.line.get, sum(b',"kind":"review",' in raw for raw in lines)
        told = tell("earliest", low), tell("latest", high) if "earliest" in self.line else high, tell("reviews", reviews)
        need(self.kind != "seal" or told == (low, high, reviews), "the seal tells of other times or reviews")
        genesis = hashlib.sha256(f"smokeledger-genesis-v1\n{self.ledger}\n{first['nonce']}".encode()).hexdigest()
        need(first["seq"] > 0 or first["prev"] == genesis and not first["previous_segment"], "not made of name and nonce")
        need(first["prev"].startswith(digits) and first["seq"] == int(begin) and first["ledger"] == self.ledger
             and before in (first["previous_segment"], None), "its names are not those of files and ledger")
        need(len(lines) >= first["header_lines"] > 0 and (last or self.kind == "seal"), "it ends too early")
        need(not tail or last and self.kind != "seal" and len(tail.rstrip(b"\0")) <= 16384, "no torn tail")
        return bool(tail)
def verdict(ledger=None, slice=None, key=None):
    chain, torn, before = Chain(), False, None  # of the first segment only line 0 tells what was before
    paths = sorted(p for p in pathlib.Path(ledger).iterdir() if FILE.fullmatch(p.name)) if ledger else [pathlib.Path(slice)]
    if not paths or slice and not paths[0].read_bytes(): return {"verdict": "nothing"}
    try:
        for path in paths if ledger else []:
            torn, before = chain.read_segment(path, before, path == paths[-1], key), path.name
        for raw in paths[0].read_bytes().split(b"\n")[:-1] if slice else []: chain.read(raw, key)
        need(slice or int(FILE.fullmatch(paths[0].name)[1]) <= (chain.kept or 0), "the first lines are missing")
        need(ledger or paths[0].read_bytes().endswith(b"\n") and chain.kind == "checkpoint", "no checkpoint at the end")
    except (ValueError, KeyError, TypeError) as why:
        return {"verdict": "damaged", "why": str(why)}
    return {"verdict": "sound", "lines": chain.seq + 1, "torn": torn}
if __name__ == "__main__":
    found = verdict(**{flag[2:]: value for flag, value in zip(sys.argv[1::2], sys.argv[2::2])})
    print(json.dumps(found))
    sys.exit({"sound": 0, "damaged": 1, "nothing": 4}[found["verdict"]])
