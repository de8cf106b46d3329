"""The review pages in a browser: read at both widths, in light and dark, by keyboard, by what a
screen reader goes by, and with hostile texts in every place.

    page_browser.py BINARY PACKAGES HOSTILE_PAGES SCREENSHOTS [unittest flags]

PACKAGES: the folder into which the npm packages are installed, once. The browser is Debian's.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import urllib.request

import harness
import ledger_files
import third_parties_packages as packages
from configuration import HOURLY, SHORT, Configuration

HOSTILE = 10_000
SCRIPT = pathlib.Path(__file__).with_name("page_browser.mjs")


class PageBrowser(harness.TestCase):
    """One look for all; each test asks for one kind of fault."""

    problems = None

    def setUp(self):
        super().setUp()
        if PageBrowser.problems is None:
            PageBrowser.problems = self.look()

    def configure(self):
        """A probe for each decision but paused, which has no key."""
        made = Configuration(self.folder, schedule=HOURLY,
                             retry={**SHORT, "attempts_per_route": 2, "attempt_budget": 3,
                                    "attempt_timeout": "5s", "deadline": "20s"})
        stub = self.stub()
        for name, script in (("steady", "ok"), ("throttles", "recover-after-1"),
                             ("overloaded", "overloaded-503"), ("lost", "missing-choices")):
            made.provider(name, stub.url(script))
        made.provider("keyless", stub.url("ok"), auth="bearer", credential="<API_KEY_PLACEHOLDER>")
        made.probe("chat-keeps", "steady-chat")
        made.probe("chat-retries", "throttles-chat", mode="walk")
        made.probe("chat-falls-back", "overloaded-chat", "steady-responses", mode="walk")
        made.probe("chat-misshapen", "lost-chat")
        made.probe("chat-waits-for-its-key", "keyless-chat")
        return made

    def paths(self, ledger):
        """One page of each kind."""
        outcomes = {line["probe"]: line["ledger_id"]
                    for line in ledger_files.lines(ledger, "outcome")}
        attempt, packet, review = (next(iter(ledger_files.lines(ledger, kind)))["ledger_id"]
                                   for kind in ("attempt", "packet", "review"))
        return {"overview": "/",
                "filtered": "/?decision=escalate&from=-24h",
                "nothing-found": "/?probe=nobody",
                "outcome": f"/line/{outcomes['chat-falls-back']}",
                "paused": f"/line/{outcomes['chat-waits-for-its-key']}",
                "reviewed": f"/line/{outcomes['chat-misshapen']}",
                "attempt": f"/line/{attempt}",
                "packet": f"/line/{packet}",
                "review": f"/line/{review}",
                "other": f"/line/{attempt.rpartition('-')[0]}-1",
                "refusal": "/?decision=unheard-of"}

    def review(self, made):
        misshapen = [line["ledger_id"] for line in ledger_files.lines(made.ledger, "outcome")
                     if line["probe"] == "chat-misshapen"][-1]
        answer = harness.command("review", misshapen, "--decision", "investigate", "--initials", "AB",
                                 "--note", "The reply lost its choices.", "--config.file", made.file)
        self.assertEqual(0, answer.code, answer)

    def assert_shown(self, base, paths):
        """What is to be looked at is there at all."""
        for name, words in (("overview", ("Open packets", "Lines that need a review")),
                            ("reviewed", ("Reviews", "The reply lost its choices."))):
            page = urllib.request.urlopen(base + paths[name]).read().decode()
            for word in words:
                self.assertIn(word, page, name)

    def look(self):
        made = self.configure()
        daemon = self.started_daemon(made.write())
        for _ in range(2):
            harness.command("once", "--config.file", made.file)
        self.review(made)
        shutil.rmtree(SCREENSHOTS, ignore_errors=True)
        SCREENSHOTS.mkdir(parents=True)
        wanted = {"base": f"http://{daemon.addresses()[0]}", "paths": self.paths(made.ledger),
                  "shots": str(SCREENSHOTS), "hostile": str(HOSTILE_PAGES), "count": HOSTILE}
        self.assert_shown(wanted["base"], wanted["paths"])
        done = subprocess.run(["node", SCRIPT, packages.installed(PACKAGES), json.dumps(wanted)],
                              text=True, capture_output=True, check=False, timeout=240)
        self.assertEqual(0, done.returncode, done.stderr)
        answer = json.loads(done.stdout)
        self.assertEqual(HOSTILE, answer["read"])
        self.assertEqual(4 * len(wanted["paths"]), len(list(SCREENSHOTS.glob("*.png"))))
        return answer["problems"]

    def assert_none(self, check):
        self.assertEqual([], self.problems[check][:20])

    def test_nobody_scrolls_sideways(self):
        self.assert_none("overflow")

    def test_a_screen_reader_finds_landmarks_names_and_headers(self):
        self.assert_none("structure")

    def test_a_narrow_page_is_the_same_to_a_screen_reader(self):
        self.assert_none("roles")

    def test_every_text_stands_out_in_light_and_dark(self):
        self.assert_none("contrast")

    def test_everything_is_reached_by_keyboard_in_order_with_a_ring_around_it(self):
        self.assert_none("keyboard")

    def test_links_lead_to_this_site_or_plainly_elsewhere(self):
        self.assert_none("links")

    def test_the_browser_has_nothing_to_complain_of(self):
        self.assertEqual([], self.problems.get("console", []))

    def test_hostile_texts_change_no_element(self):
        self.assertEqual([], self.problems.get("hostile", [])[:20])


def require():
    packages.need_node()
    harness.need_program("chromium")


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(f"usage: {sys.argv[0]} BINARY PACKAGES HOSTILE_PAGES SCREENSHOTS [unittest flags]")
    PACKAGES, HOSTILE_PAGES, SCREENSHOTS = (pathlib.Path(sys.argv.pop(2)).resolve()
                                            for _ in range(3))
    harness.main()
