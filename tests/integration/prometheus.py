"""A real Prometheus with exemplar storage that scrapes one address every second."""

import json
import os
import socket
import time
import urllib.error
import urllib.parse
import urllib.request

import harness

CONFIG = """
global: {{ scrape_interval: 1s, scrape_timeout: 1s }}
scrape_configs:
  - job_name: smokeledger
    static_configs: [{{ targets: ["{target}"], labels: {labels} }}]
"""


def need():
    harness.need_program("prometheus")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Prometheus(harness.Process):
    """REQUIRES: a test that owns it."""

    def __init__(self, folder, target, labels=None):
        self.address = f"127.0.0.1:{free_port()}"
        config = folder / "prometheus.yml"
        config.write_text(CONFIG.format(target=target, labels=json.dumps(labels or {})))
        super().__init__(
            folder, "prometheus",
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'tsdb'}",
             f"--web.listen-address={self.address}", "--enable-feature=exemplar-storage",
             "--log.level=warn"],
            env={"PATH": os.environ["PATH"], "HOME": str(folder)})

    def wait_ready(self):
        def answers():
            if not self.running():
                raise AssertionError(f"Prometheus ended: {self.err()}")
            try:
                return harness.http_get(self.address, "/-/ready").status == 200
            except OSError:
                return False
        harness.wait_for("Prometheus answers", answers, pause=0.1)
        return self

    def ask(self, path, **parameters):
        """The answer of its API, whether `success` or `error`.
        https://prometheus.io/docs/prometheus/2.42/querying/api/"""
        asked = urllib.parse.urlencode(parameters, doseq=True)
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(f"http://{self.address}/api/v1/{path}?{asked}",
                             timeout=harness.PATIENCE) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as refused:
            return json.load(refused)

    def exemplars(self, query):
        """Of each series that has some, by its labels: [(labels of the series, [exemplar])]."""
        answer = self.ask("query_exemplars", query=query, start=time.time() - 3600,
                          end=time.time() + 60)
        return [(series["seriesLabels"], series["exemplars"]) for series in answer["data"]]
