"""A scripted outage with Debian's Prometheus and Alertmanager: the rules that the product prints fire,
Alertmanager delivers, and one packet comes of it, whichever side was first; its end is a line on it.
The packet proves itself in an empty folder."""

import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time

import harness
from configuration import Configuration

TOKEN = "test-token-of-the-webhook"
ONE_MINUTE = 60.0

# Windows of the printed rules are at least 2.5 of the probe's intervals; that of the rule test here
# is one of them, so that the alert fires within seconds.
PROMETHEUS = """
global: {{ scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }}
rule_files: ["{rules}"]
alerting: {{ alertmanagers: [{{ static_configs: [{{ targets: ["{alertmanager}"] }}] }}] }}
scrape_configs:
  - job_name: smokeledger
    static_configs: [{{ targets: ["{target}"], labels: {{ environment: "test" }} }}]
"""
ALERTMANAGER = """
route:
  receiver: smokeledger
  group_by: [environment, probe, alertname]
  group_wait: 1s
  group_interval: 1s
  repeat_interval: 5s
receivers:
  - name: smokeledger
    webhook_configs:
      - url: "http://{target}/hooks/alertmanager"
        send_resolved: true
        http_config: {{ authorization: {{ type: Bearer, credentials_file: "{token}" }} }}
"""


def require():
    harness.need_program("prometheus")
    harness.need_program("prometheus-alertmanager")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Outage(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.stub_process = self.stub()
        self.configuration = Configuration(self.folder, schedule={
            "interval": "2s", "minimum_interval": "1s", "jitter": 0.0, "backoff_cap": "2s",
            "calls_per_day": 100000})
        self.configuration.simple_probe("chat-direct", self.stub_process.url("ok"))
        token = self.folder / "token"
        token.write_text(TOKEN + "\n")
        self.token = token
        self.configuration.sections["packets"] = {"alerts_token_file": str(token)}
        self.file = self.configuration.write()

    def serve(self, name, program, *arguments, address):
        process = self.own(harness.Process(
            self.folder, name, [program, *arguments],
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder)}))

        def answers():
            self.assertTrue(process.running(), process.err())
            try:
                return harness.http_get(address, "/-/ready").status == 200
            except OSError:
                return False
        harness.wait_for(f"{name} answers", answers, pause=0.1)

    def start_alerting(self, target):
        alertmanager, prometheus = (f"127.0.0.1:{free_port()}" for _ in range(2))
        printed = harness.command("rules", "--config.file", self.file)
        self.assertEqual(0, printed.code, printed)
        # A minute is the shortest window that is printed; the test's probe runs every 2 s.
        rules = self.folder / "rules.yml"
        rules.write_text(re.sub(r"\[1m\]", "[6s]", printed.out))
        config = self.folder / "prometheus.yml"
        config.write_text(PROMETHEUS.format(rules=rules, alertmanager=alertmanager, target=target))
        receivers = self.folder / "alertmanager.yml"
        receivers.write_text(ALERTMANAGER.format(target=target, token=self.token))
        self.serve("alertmanager", "prometheus-alertmanager", f"--config.file={receivers}",
                   f"--storage.path={self.folder / 'am'}", f"--web.listen-address={alertmanager}",
                   "--cluster.listen-address=", "--log.level=warn", address=alertmanager)
        self.serve("prometheus", "prometheus", f"--config.file={config}",
                   f"--storage.tsdb.path={self.folder / 'tsdb'}",
                   f"--web.listen-address={prometheus}", "--log.level=warn", address=prometheus)

    def packets(self):
        answer = harness.command("packet", "list", "--config.file", self.file, "-o", "json")
        self.assertEqual(0, answer.code, answer)
        return [json.loads(line) for line in answer.out.splitlines()]

    def only_packet(self):
        found = self.packets()
        self.assertLessEqual(len(found), 1, found)
        return found[0] if found else None

    def events(self):
        lines = (json.loads(line) for part in sorted(self.configuration.ledger.glob("ledger-*"))
                 for line in part.read_text().splitlines() if line.startswith("{"))
        return [line for line in lines if line["kind"] == "packet"]

    def play(self, script):
        """The probe's provider from now on."""
        self.configuration.providers["chat-direct"]["base_url"] = self.stub_process.url(script)
        self.configuration.write()
        self.daemon_process.signal(1)

    def outage(self, policy_opens):
        if not policy_opens:
            self.configuration.sections["packets"]["after"] = 0
            self.file = self.configuration.write()
        self.daemon_process = self.started_daemon(self.file)
        self.start_alerting(self.daemon_process.addresses()[0])
        harness.wait_for("the probe ran", lambda: self.daemon_process.metrics().get(
            'smokeledger_decisions_total{decision="keep_primary",probe="chat-direct"}', 0) >= 2)
        time.sleep(2)  # Prometheus has seen it at 0
        began = time.monotonic()
        self.play("invalid-key")
        packet = harness.wait_for("a packet is open", self.only_packet, patience=ONE_MINUTE)
        self.assertLess(time.monotonic() - began, ONE_MINUTE)
        self.assertEqual("policy" if policy_opens else "alert", packet["opened_by"])
        harness.wait_for("an alert stands on it", lambda: any(
            line.get("alert") for line in self.events()), patience=ONE_MINUTE)
        self.assertEqual(packet["packet"], self.only_packet()["packet"])
        self.play("ok")
        harness.wait_for("it is resolved", lambda: self.only_packet()["state"] == "resolved",
                         patience=ONE_MINUTE)
        harness.wait_for("Alertmanager said so", lambda: any(
            line["event"] == "resolved" and line.get("alert") for line in self.events()),
            patience=ONE_MINUTE)
        self.assertEqual(packet["packet"], self.only_packet()["packet"])
        opened = [line for line in self.events() if line["event"] == "opened"]
        self.assertEqual([packet["packet"]], [line["ledger_id"] for line in opened])
        return packet["packet"]

    def test_opens_one_packet_by_policy_that_the_alert_joins(self):
        packet = self.outage(policy_opens=True)
        self.assert_proves_itself(packet)
        self.close(packet)

    def test_opens_one_packet_by_the_alert_where_no_policy_does(self):
        self.outage(policy_opens=False)

    def assert_proves_itself(self, packet):
        out = self.folder / "handed-over"
        answer = harness.command("packet", "show", packet, "--config.file", self.file,
                                 "--dir", out)
        self.assertEqual(0, answer.code, answer)
        shutil.copy(self.configuration.ledger / "checkpoint-key.pub", out)
        self.daemon_process.stop()
        written = json.loads((out / "packet.json").read_text())
        self.assertEqual(packet, written["ledger_id"])
        # Somewhere else, with nothing but the folder.
        empty = self.folder / "elsewhere"
        shutil.move(out, empty)
        key = (empty / "checkpoint-key.pub").read_text().strip()
        slice_file = empty / written["slice"]["file"]
        for verifier in ([harness.binary(), "ledger", "verify", "--slice", slice_file, "--key",
                          empty / "checkpoint-key.pub"],
                         [sys.executable, harness.SOURCE / "tests" / "second_verifier.py",
                          "--slice", slice_file, "--key", key]):
            done = subprocess.run(list(map(str, verifier)), cwd=empty, capture_output=True,
                                  text=True, env={"PATH": os.environ["PATH"]})
            self.assertEqual(0, done.returncode, done)
        lines = [json.loads(line) for line in slice_file.read_text().splitlines()]
        held = {line["ledger_id"] for line in lines}
        for step in written["lines"]:
            self.assertIn(step["ledger_id"], held)
        for run in written["runs"]:
            self.assertIn(run["ledger_id"], held)
        self.assertEqual("checkpoint", lines[-1]["kind"])

    def shown_by(self):
        """The newest outcome: the probe ran again, and its reply was usable."""
        answer = harness.command("ledger", "query", "--ledger", self.configuration.ledger,
                                 "--decision", "keep_primary", "--limit", "1", "-o", "json")
        return json.loads(answer.out)["ledger_id"]

    def close(self, packet):
        incomplete = harness.command("packet", "close", packet, "--config.file", self.file,
                                     "--initials", "AB", "--result", "The key works again.")
        self.assertEqual(2, incomplete.code, incomplete)
        unproven = harness.command(
            "packet", "close", packet, "--config.file", self.file, "--initials", "AB",
            "--result", "The key was exchanged.", "--changed", "none", "--shown-by", packet,
            "--remaining-uncertainty", "none")
        self.assertEqual(2, unproven.code, unproven)
        self.assertIn("is not newer than the packet", unproven.err)
        self.assertEqual(1, len(self.packets()))
        closed = harness.command(
            "packet", "close", packet, "--config.file", self.file, "--initials", "AB",
            "--result", "The key was exchanged.", "--changed", "none",
            "--shown-by", self.shown_by(), "--remaining-uncertainty", "none")
        self.assertEqual(0, closed.code, closed)
        self.assertEqual([], self.packets())


if __name__ == "__main__":
    harness.main()
