"""A real Prometheus with exemplar storage scrapes the service, and its exemplars lead to the lines
that the counters counted last."""

import json
import time

import harness
import prometheus
from configuration import HOURLY, Configuration

OPEN_METRICS = "application/openmetrics-text;version=1.0.0"
PROBES = {"keeps": "ok", "escalates": "invalid-key"}


def require():
    prometheus.need()


class Exemplars(harness.TestCase):
    def setUp(self):
        super().setUp()
        stub = self.stub()
        self.configuration = Configuration(
            self.folder, schedule={**HOURLY, "minimum_interval": "700ms"})
        for probe, script in PROBES.items():
            self.configuration.provider(probe, stub.url(script))
            self.configuration.probe(probe, f"{probe}-chat")
        self.file = self.configuration.write()
        self.daemon_process = self.started_daemon(self.file)

    def once(self):
        """The ledger id of the outcome of each probe, run now."""
        answer = harness.command("once", "--config.file", self.file, "-o", "json")
        lines = [json.loads(line) for line in answer.out.splitlines()]
        ids = {line["probe"]: line["ledger_id"] for line in lines if line.get("kind") == "outcome"}
        self.assertEqual(PROBES.keys(), ids.keys(), answer)
        return ids

    @staticmethod
    def exemplars(server):
        """The newest exemplar's id of each decision series that has one, by probe."""
        return {series["probe"]: exemplars[-1]["labels"]["ledger_id"]
                for series, exemplars in server.exemplars("smokeledger_decisions_total")}

    def test_lead_from_prometheus_to_the_newest_line_of_each_counter(self):
        server = self.own(prometheus.Prometheus(
            self.folder, self.daemon_process.addresses()[0])).wait_ready()
        for _ in range(2):
            time.sleep(1.1)  # whole seconds in lines, and the minimum interval
            ids = self.once()
            harness.wait_for("Prometheus has the exemplars of these lines",
                             lambda expected=ids: self.exemplars(server) == expected, pause=0.2)
        found = harness.command("ledger", "query", "--ledger", self.configuration.ledger,
                                "-o", "json")
        written = [json.loads(line) for line in found.out.splitlines()]
        for probe, ledger_id in self.exemplars(server).items():
            self.assertEqual([probe], [line["probe"] for line in written
                                       if line["ledger_id"] == ledger_id])

    def test_are_there_only_where_open_metrics_is_asked_for(self):
        self.once()
        plain = self.daemon_process.get("/metrics")
        self.assertIn("content-type: text/plain; version=0.0.4", plain.head.lower())
        self.assertNotIn(" # {", plain.body)
        opened = self.daemon_process.get("/metrics", accept=OPEN_METRICS)
        self.assertIn("content-type: application/openmetrics-text; version=1.0.0",
                      opened.head.lower())
        self.assertIn(" # {ledger_id=", opened.body)
        self.assertTrue(opened.body.endswith("\n# EOF\n"))

    def test_begin_anew_with_the_first_increment_after_a_restart(self):
        self.once()
        self.assertEqual(0, self.daemon_process.stop())
        self.daemon_process = self.started_daemon(self.file, name="second")
        restarted = self.daemon_process.get("/metrics", accept=OPEN_METRICS).body
        self.assertIn('smokeledger_decisions_total{decision="escalate",probe="escalates"} 1\n',
                      restarted)
        time.sleep(1.1)
        ids = self.once()
        again = self.daemon_process.get("/metrics", accept=OPEN_METRICS).body
        self.assertIn('smokeledger_decisions_total{decision="escalate",probe="escalates"} 2 # '
                      f'{{ledger_id="{ids["escalates"]}"}} 1 ', again)


if __name__ == "__main__":
    harness.main()
