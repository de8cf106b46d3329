"""What people say of outcomes, through the running service and without one: lines of their own, with
the kernel's user number, that every reader joins."""

import json
import os

import harness
import ledger_files
from configuration import HOURLY, Configuration


class Reviews(harness.TestCase):
    def setUp(self):
        super().setUp()
        stub = self.stub()
        self.configuration = Configuration(self.folder, schedule=HOURLY)
        self.configuration.simple_probe("escalates", stub.url("invalid-key"))
        self.file = self.configuration.write()

    def said(self, command, *arguments):
        """The ledger id of the line that the command wrote."""
        answer = harness.command(command, *arguments, "--config.file", self.file)
        self.assertEqual(0, answer.code, answer)
        return answer.out.strip()

    def outcome(self):
        answer = harness.command("ledger", "query", "--ledger", self.configuration.ledger,
                                 "-o", "json")
        self.assertEqual(0, answer.code, answer)
        return json.loads(answer.out.splitlines()[0])

    def record(self, initials):
        return self.said("record", "--about", "incident", "--family", "responses",
                         "--status-class", "retryable", "--retry-attempts", 2, "--decision",
                         "use_fallback", "--initials", initials, "--owner", "platform-oncall")

    def test_are_lines_that_amend_each_other_with_a_service_and_without(self):
        self.assertEqual(13, harness.command("once", "--config.file", self.file).code)
        ledger_id = self.outcome()["ledger_id"]
        self.assertEqual("unreviewed", self.outcome()["operator_decision"])
        waiting = "smokeledger_reviews_outstanding"
        daemon = self.started_daemon(self.file)
        self.assertEqual(1, daemon.gauge(waiting))
        first = self.said("review", ledger_id, "--decision", "investigate", "--initials", "AB",
                          "--note", "Asked the owner of the key.")
        harness.wait_for("nothing waits", lambda: daemon.gauge(waiting) == 0)
        self.assertEqual(first, self.outcome()["review"]["ledger_id"])
        self.assertIn("AB", daemon.get(f"/line/{ledger_id}").body)
        self.record("AB")
        self.assertEqual(0, daemon.stop())
        second = self.said("review", f"{ledger_id}..{ledger_id}", "--decision", "pass",
                           "--initials", "CD", "--planned-maintenance")
        self.record("CD")
        read = self.outcome()
        self.assertEqual(("pass", "CD", second, "planned_maintenance"),
                         (read["operator_decision"], read["operator_initials"],
                          read["review"]["ledger_id"], read["review"]["reclassified"]))
        lines = ledger_files.lines(self.configuration.ledger, "review")
        self.assertEqual([(first, os.getuid()), (second, os.getuid())],
                         [(line["ledger_id"], line["caller_uid"]) for line in lines])
        self.assertEqual(["AB", "CD"], [line["operator_initials"] for line in ledger_files.lines(
            self.configuration.ledger, "decision")])
        self.assert_verifies(self.configuration.ledger)

    def test_that_claim_or_leak_are_refused_with_the_words(self):
        harness.command("once", "--config.file", self.file)
        ledger_id = self.outcome()["ledger_id"]
        for note, says in (("The provider is healthy again.", "a claim about health"),
                           ("It was sk-abcdefghijklmnopqrstuvwxyz012345", "looks like a secret")):
            answer = harness.command("review", ledger_id, "--decision", "pass", "--initials", "AB",
                                     "--note", note, "--config.file", self.file)
            self.assertEqual(2, answer.code, answer)
            self.assertIn(says, answer.err)
        self.assertEqual([], ledger_files.lines(self.configuration.ledger, "review"))


if __name__ == "__main__":
    harness.main()
