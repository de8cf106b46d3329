"""`smokeledger once`: a run now, through the running service or without one, never too soon, and
its exit code is the worst decision."""

import calendar
import json
import os
import re
import signal
import socket
import stat
import time

import harness
import ledger_files
from configuration import HOURLY, Configuration

SCRIPTS = {"keeps": "ok", "retries": "recover-after-1", "falls-back": "server-error",
           "escalates": "invalid-key"}
CODES = {"keeps": 0, "retries": 10, "falls-back": 11, "paused": 12, "escalates": 13}
REFUSED = 1
USAGE = 2


class ServiceOnce(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.stub_process = self.stub()
        self.configuration = Configuration(
            self.folder, schedule={**HOURLY, "minimum_interval": "10m"})
        self.configuration.sections["retry"].update(
            attempts_per_route=2, attempt_budget=4, attempt_timeout="20s", deadline="60s")
        self.configuration.provider("steady", self.stub_process.url("ok"))
        for probe, script in SCRIPTS.items():
            self.configuration.provider(probe, self.stub_process.url(script))
            self.configuration.probe(probe, f"{probe}-chat", "steady-responses", mode="walk")
        self.configuration.provider("paused", self.stub_process.url("ok"), auth="bearer",
                                    credential="<API_KEY_PLACEHOLDER>")
        self.configuration.probe("paused", "paused-chat")
        self.file = self.configuration.write()

    def once(self, *arguments):
        return harness.command("once", "--config.file", self.file, *arguments)

    def attempts(self):
        return ledger_files.lines(self.configuration.ledger, "attempt")

    def assert_every_decision_has_its_exit_code(self):
        for probe, code in CODES.items():
            answer = self.once(probe, "-o", "json")
            self.assertEqual(code, answer.code, f"{probe}: {answer}")
            line = json.loads(answer.out)
            self.assertEqual((probe, "manual"), (line["probe"], line["trigger"]))
            self.assertIn(answer.out.encode().strip(),
                          ledger_files.complete_lines(self.configuration.ledger))

    def assert_refused(self, answer):
        """Too soon: nothing is sent, and the reader learns when it may run."""
        self.assertEqual(REFUSED, answer.code, answer)
        self.assertIn("minimum interval", answer.out)
        moment = re.search(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer.out)
        self.assertIsNotNone(moment, answer)
        allowed = calendar.timegm(time.strptime(moment.group(), "%Y-%m-%dT%H:%M:%SZ"))
        sent = self.attempts()[-1]["sent_at"]
        last = calendar.timegm(time.strptime(sent, "%Y-%m-%dT%H:%M:%SZ"))
        self.assertIn(allowed - last, range(600, 603))

    def test_without_a_service_each_decision_has_its_exit_code(self):
        self.assert_every_decision_has_its_exit_code()
        self.assertEqual({None}, {line["caller_uid"] for line in self.attempts()})
        self.assert_verifies(self.configuration.ledger)

    def test_through_the_service_each_decision_has_its_exit_code_and_the_caller_is_recorded(self):
        daemon = self.started_daemon(self.file)
        self.assert_every_decision_has_its_exit_code()
        self.assertEqual({os.getuid()}, {line["caller_uid"] for line in self.attempts()})
        self.assertEqual(0, daemon.stop())

    def test_the_worst_decision_of_several_is_the_exit_code(self):
        self.assertEqual(13, self.once("keeps", "escalates", "retries").code)

    def test_without_names_every_probe_runs(self):
        self.started_daemon(self.file)
        answer = self.once("-o", "json")
        self.assertEqual(13, answer.code, answer)
        ran = sorted(json.loads(line)["probe"] for line in answer.out.splitlines())
        self.assertEqual(sorted(CODES), ran)

    def test_a_second_run_before_the_minimum_interval_is_refused_with_the_time_it_may_run(self):
        for service in (False, True):
            if service:
                self.started_daemon(self.file)
            else:
                self.assertEqual(0, self.once("keeps").code)
            arrived = self.stub_process.arrivals()["arrivals"]
            self.assert_refused(self.once("keeps"))
            self.assert_refused(self.once("keeps", "-o", "table"))
            self.assertEqual(arrived, self.stub_process.arrivals()["arrivals"])

    def repeat_after_a_change(self, changed):
        """Of the newest outcome of `retries`, which was made by another policy than today's."""
        line = ledger_files.lines(self.configuration.ledger, "outcome")[-1]
        self.assertEqual("retries", line["probe"])
        changed()
        return line, self.once("--like", line["ledger_id"], "-o", "json")

    def assert_repeats_by_the_cited_policy(self, in_between):
        self.configuration.sections["schedule"]["minimum_interval"] = "1s"
        self.configuration.sections["retry"]["attempts_per_route"] = 2
        self.configuration.write()
        self.assertIn(self.once("retries").code, (0, 10))
        time.sleep(2.1)  # the minimum interval, and the whole second of a restart

        def one_attempt_only():
            self.configuration.sections["retry"]["attempts_per_route"] = 1
            self.configuration.write()
            in_between()
        line, answer = self.repeat_after_a_change(one_attempt_only)
        self.assertIn(answer.code, (0, 10, 11), answer)
        both = json.loads(answer.out)
        self.assertEqual(line, both["then"])
        self.assertEqual(line["policy_sha256"], both["now"]["policy_sha256"])
        self.assertNotEqual(line["config_sha256"], both["now"]["config_sha256"])
        self.assertEqual("manual", both["now"]["trigger"])
        self.assert_replays(self.configuration.ledger)

    def test_an_older_check_is_repeated_by_the_policy_that_it_cites(self):
        self.assert_repeats_by_the_cited_policy(lambda: None)

    def test_the_service_repeats_an_older_check_by_the_policy_that_it_cites(self):
        self.assert_repeats_by_the_cited_policy(lambda: self.started_daemon(self.file))

    def test_an_older_check_is_not_sent_to_another_place(self):
        self.assertEqual(10, self.once("retries").code)

        def elsewhere():
            self.configuration.provider("retries", self.stub_process.url("ok"))
            self.configuration.write()
        line, answer = self.repeat_after_a_change(elsewhere)
        self.assertEqual(REFUSED, answer.code, answer)
        self.assertIn("provider retries is at ", json.loads(answer.out)["not_run"])
        self.assertEqual(line, json.loads(answer.out)["then"])

    def test_a_probe_that_is_not_configured_is_a_usage_error(self):
        answer = self.once("nobody")
        self.assertEqual(USAGE, answer.code)
        self.assertIn("no probe is named nobody", answer.err)

    def test_a_probe_that_only_the_file_knows_is_not_run_by_the_service(self):
        self.started_daemon(self.file)
        self.configuration.probe("new", "steady-chat")
        self.configuration.write()
        answer = self.once("new")
        self.assertEqual(REFUSED, answer.code, answer)
        self.assertIn("no probe of this name is configured", answer.out)

    def test_the_socket_of_a_service_that_crashed_does_not_stand_in_the_way(self):
        daemon = self.started_daemon(self.file)
        daemon.signal(signal.SIGKILL)
        daemon.ended()
        self.assertTrue(self.configuration.socket.is_socket())
        answer = self.once("keeps")
        self.assertEqual(0, answer.code, answer)

    def test_the_control_socket_is_for_owner_and_group(self):
        daemon = self.started_daemon(self.file)
        self.assertEqual(0o660, stat.S_IMODE(self.configuration.socket.stat().st_mode))
        self.assertEqual(0, daemon.stop())
        self.assertFalse(self.configuration.socket.exists())

    def test_a_get_on_the_control_socket_runs_nothing(self):
        self.started_daemon(self.file)
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(self.configuration.socket))
            caller.sendall(b"GET /v1/once?probe=keeps HTTP/1.1\r\nhost: x\r\n\r\n")
            self.assertIn(b"405", caller.recv(100))
        self.assertEqual([], self.attempts())


if __name__ == "__main__":
    harness.main()
