"""Deliveries of Alertmanager's webhook, duplicated, replayed, malformed, oversized, with wrong tokens
and out of order, while the service is killed again and again: one packet per incident, none lost, and
the probes go on by their schedule. SMOKELEDGER_LONG=1: 10,000 deliveries."""

import datetime
import http.client
import json
import os
import random
import signal
import time

import harness
from configuration import Configuration

LONG = bool(os.environ.get("SMOKELEDGER_LONG"))
DELIVERIES, KILLS, INCIDENTS = (10_000, 20, 300) if LONG else (1_500, 3, 100)
TOKEN = "test-token-of-the-webhook"
INTERVAL = 1.0
PAUSE = 0.004  # between two deliveries, so that the probe has its time
LATE = 1.0  # seconds that a run may be late


def moment(number):
    return f"2026-11-21T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z"


class Incident:
    """One group of alerts, each with its identity; some name the configured probe."""

    def __init__(self, number, chance):
        self.key = f'{{}}:{{alertname="Alert{number}"}}'
        self.alerts = [(f"{number:08x}{place:08x}", moment(number * 7 + place))
                       for place in range(chance.randint(1, 3))]
        self.labels = {"alertname": f"Alert{number}", "severity": "page"}
        if number == 0:
            self.labels["probe"] = "chat-direct"
        self.acknowledged = set()

    def delivery(self, status, chance):
        some = chance.sample(self.alerts, chance.randint(1, len(self.alerts)))
        body = {"version": "4", "groupKey": self.key, "truncatedAlerts": 0, "status": status,
                "receiver": "smokeledger", "groupLabels": {}, "commonLabels": {},
                "commonAnnotations": {}, "externalURL": "http://127.0.0.1:9093",
                "alerts": [{"status": status, "labels": self.labels,
                            "annotations": {"summary": "Something was observed."},
                            "startsAt": starts, "endsAt": "0001-01-01T00:00:00Z",
                            "generatorURL": "http://127.0.0.1:9090", "fingerprint": fingerprint}
                           for fingerprint, starts in some]}
        return json.dumps(body), {fingerprint for fingerprint, _ in some}


class WebhookStorm(harness.TestCase):
    def setUp(self):
        super().setUp()
        stub = self.stub()
        self.configuration = Configuration(self.folder, schedule={
            "interval": f"{INTERVAL:.0f}s", "minimum_interval": "700ms", "jitter": 0.0,
            "backoff_cap": "2s", "calls_per_day": 100000})
        self.configuration.simple_probe("chat-direct", stub.url("ok"))
        token = self.folder / "token"
        token.write_text(TOKEN)
        self.configuration.sections["packets"] = {"alerts_token_file": str(token)}
        self.seed = int(os.environ.get("SMOKELEDGER_SEED", random.randrange(1_000_000)))
        print(f"seed {self.seed}", flush=True)
        self.chance = random.Random(self.seed)
        self.starts = 0
        self.kills = []
        self.start()

    def start(self):
        self.starts += 1
        self.file = self.configuration.write()
        self.daemon_process = self.started_daemon(self.file, name=f"daemon-{self.starts}")
        self.address = self.daemon_process.addresses()[0]
        self.connection = None

    def kill(self):
        began = time.time()
        self.daemon_process.signal(signal.SIGKILL)
        self.daemon_process.child.wait()
        self.start()
        self.kills.append((began, time.time()))

    def post(self, body, token=TOKEN):
        """The status; None: no answer came."""
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(self.address, timeout=30)
            self.connection.request("POST", "/hooks/alertmanager", body, {
                "content-type": "application/json", "authorization": f"Bearer {token}"})
            answer = self.connection.getresponse()
            answer.read()
            if answer.getheader("connection", "").lower() == "close":
                self.connection = None
            return answer.status
        except (OSError, http.client.HTTPException):
            self.connection = None
            return None

    def bad_delivery(self, good):
        """What must not write anything, and its status."""
        kind = self.chance.choice(["malformed", "oversized", "token", "version", "no group"])
        if kind == "malformed":
            self.assertEqual(400, self.post(good[:self.chance.randrange(len(good))]))
        elif kind == "oversized":
            self.assertIn(self.post(good + " " * 300_000), (413, None))
            self.connection = None
        elif kind == "token":
            self.assertEqual(401, self.post(good, token="another"))
        elif kind == "version":
            self.assertEqual(400, self.post(good.replace('"4"', '"3"')))
        else:
            self.assertEqual(400, self.post(good.replace("groupKey", "groupKeys")))

    def deliver(self, incident):
        status = self.chance.choice(["firing", "firing", "resolved"])
        body, fingerprints = incident.delivery(status, self.chance)
        if self.chance.random() < 0.1:
            self.bad_delivery(body)
        answer = self.post(body)
        while answer is None or answer == 503:  # as Alertmanager does: again
            time.sleep(0.02)
            answer = self.post(body)
        self.assertEqual(200, answer)
        incident.acknowledged |= fingerprints

    def storm(self):
        incidents = [Incident(number, self.chance) for number in range(INCIDENTS)]
        kill_at = set(self.chance.sample(range(DELIVERIES // 10, DELIVERIES), KILLS))
        for number in range(DELIVERIES):
            if number in kill_at:
                # Some die with the delivery on its way.
                body, _ = self.chance.choice(incidents).delivery("firing", self.chance)
                self.connection = None
                try:
                    dying = http.client.HTTPConnection(self.address, timeout=30)
                    dying.request("POST", "/hooks/alertmanager", body, {
                        "content-type": "application/json", "authorization": f"Bearer {TOKEN}"})
                except OSError:
                    pass
                self.kill()
            self.deliver(self.chance.choice(incidents))
            time.sleep(PAUSE)
        return incidents

    def lines(self):
        for part in sorted(self.configuration.ledger.glob("ledger-*")):
            for line in part.read_bytes().split(b"\n"):
                if line.startswith(b"{"):
                    yield json.loads(line)

    def test_leaves_one_packet_per_incident_and_none_lost(self):
        began = time.monotonic()
        incidents = self.storm()
        took = time.monotonic() - began
        self.assertEqual(0, self.daemon_process.stop())
        lines = list(self.lines())
        by_incident = {}
        identities = {}
        for line in lines:
            if line["kind"] != "packet":
                continue
            packet = line["seq"] if line["event"] == "opened" else line["packet_seq"]
            alert = line["alert"]
            if line["event"] == "opened":
                by_incident.setdefault(alert["group_key"], []).append(packet)
            identities.setdefault(alert["fingerprint"], set()).add(packet)
        self.assertEqual({}, {key: found for key, found in by_incident.items() if len(found) > 1})
        self.assertEqual({}, {key: found for key, found in identities.items() if len(found) > 1})
        for incident in incidents:
            self.assertEqual(bool(incident.acknowledged), incident.key in by_incident)
            self.assertLessEqual(incident.acknowledged, identities.keys())
        self.assert_verifies(self.configuration.ledger)
        late = self.latest_run(lines)
        print(f"{DELIVERIES} deliveries in {took:.0f} s, {len(self.kills)} kills: "
              f"{len(by_incident)} packets of {len(incidents)} incidents, "
              f"slowest interval {late:.0f} s of {INTERVAL:.0f} s", flush=True)
        self.assertLess(late, INTERVAL + LATE + 1)  # whole seconds in lines

    def latest_run(self, lines):
        """The longest time between two outcomes of the probe with no kill in between."""
        at = [datetime.datetime.fromisoformat(line["recorded_at"]).timestamp()
              for line in lines if line["kind"] == "outcome"]
        self.assertGreater(len(at), 3)
        return max(after - before for before, after in zip(at, at[1:])
                   if not any(before <= end and began <= after for began, end in self.kills))


if __name__ == "__main__":
    harness.main()
