"""Real replies with expected verdicts, in a folder with a manifest.jsonl: each that is marked
`clear` gets its verdict, and each that is marked `judgement` does so or stands in docs/contracts.md.
"""

import json
import pathlib
import sys

import harness


class RecordedReplies(harness.TestCase):
    def test_get_the_expected_verdicts(self):
        cases = {case["file"]: case for case in map(json.loads, MANIFEST.read_text().splitlines())}
        answer = harness.command("contract", "check", "--manifest", MANIFEST, "-o", "json")
        verdicts = [json.loads(line) for line in answer.out.splitlines()]
        self.assertEqual(len(cases), len(verdicts), answer.err)
        page = (harness.SOURCE / "docs/contracts.md").read_text()
        differing = []
        for verdict in verdicts:
            case = cases[pathlib.PurePath(verdict["file"]).name]
            if verdict["verdict"] == case["expected"]:
                continue
            listed = case["confidence"] == "judgement" and case["id"] in page
            differing.append((case["id"], verdict["verdict"], case["expected"], listed))
        print(f"\n{len(verdicts)} replies, {len(differing)} with another verdict than expected")
        self.assertEqual([], [case for case in differing if not case[3]])


if __name__ == "__main__":
    MANIFEST = pathlib.Path(sys.argv.pop(2)) / "manifest.jsonl"
    harness.main()
