"""A provider, a gateway and a Prometheus that others wrote, with the daemon between them."""

import json
import os
import shutil
import subprocess
import time
import urllib.parse
import urllib.request

import harness
from third_parties_packages import DATA

MOCK, GATEWAY, DAEMON, PROMETHEUS = (f"127.0.0.1:{port}" for port in (4010, 8787, 9464, 9090))
RIGHT_KEY = "marten-2209-right"
WRONG_KEY = "marten-2209-wrong"
ESCALATED = 13  # exit code of `once`
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def get(address, path, **headers):
    request = urllib.request.Request(f"http://{address}{path}", headers=headers)
    with DIRECT.open(request, timeout=harness.PATIENCE) as reply:
        return reply.read().decode()


def get_json(address, path, **headers):
    return json.loads(get(address, path, **headers))


def answers(process, address, path):
    """Waits for the first good reply of a process that was just started."""
    def condition():
        if not process.running():
            raise AssertionError(f"{process.out_file.stem} ended: {process.out()}{process.err()}")
        try:
            get(address, path)
            return True
        except OSError:
            return False
    harness.wait_for(f"{process.out_file.stem} answers", condition, pause=0.1)


def query(expression):
    """The samples of an instant query: [({label: value}, float)]."""
    asked = urllib.parse.urlencode({"query": expression})
    answer = get_json(PROMETHEUS, f"/api/v1/query?{asked}")
    return [(sample["metric"], float(sample["value"][1])) for sample in answer["data"]["result"]]


def json_lines(*arguments):
    answer = harness.command(*arguments, "-o", "json")
    assert answer.code == 0, answer
    return [json.loads(line) for line in answer.out.splitlines()]


class Scene:
    """Everything listens on the loopback of this namespace, on the ports above."""

    def __init__(self, folder, node_modules, own):
        self.folder = folder
        self.node_modules = node_modules
        self.own = own  # called with each process
        self.ledger = folder / "ledger"
        self.config = folder / "smokeledger.toml"
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}

    def start(self):
        self.start_mock()
        self.start_gateway()
        self.start_daemon()
        self.start_prometheus()

    def process(self, name, *arguments, **more):
        return self.own(harness.Process(self.folder, name, arguments,
                                        env={**self.environment, **more}))

    def start_mock(self):
        program = self.node_modules / "@copilotkit/aimock/dist/cli.js"
        host, _, port = MOCK.partition(":")
        self.mock = self.process(
            "aimock", "node", program, "--host", host, "--port", port, "--fixtures",
            DATA / "fixtures.json", "--validate-on-load", "--strict", "--journal-max", "0",
            AIMOCK_API_KEYS=RIGHT_KEY)
        answers(self.mock, MOCK, "/health")

    def start_gateway(self):
        program = self.node_modules / "@portkey-ai/gateway/build/start-server.js"
        port = GATEWAY.rpartition(":")[2]
        self.gateway = self.process("portkey", "node", program, f"--port={port}", "--headless")
        answers(self.gateway, GATEWAY, "/")

    def start_daemon(self):
        credentials = self.folder / "credentials"
        credentials.mkdir()
        (credentials / "right-key").write_text(RIGHT_KEY + "\n")
        (credentials / "wrong-key").write_text(WRONG_KEY + "\n")
        text = (DATA / "smokeledger.toml").read_text()
        self.config.write_text(text.replace("@DIR@", str(self.folder)))
        self.daemon = self.own(harness.Daemon(
            self.folder, self.config, "--log.level", "debug",
            env={**self.environment, "CREDENTIALS_DIRECTORY": str(credentials)}))
        self.daemon.wait_started()

    def start_prometheus(self):
        """With the configuration that is shipped, only more often."""
        text = (harness.SOURCE / "etc/prometheus/prometheus.yml").read_text()
        for shipped, here in (("scrape_interval: 1m", "scrape_interval: 1s"),
                              ("scrape_timeout: 10s", "scrape_timeout: 1s")):
            assert text.count(shipped) == 1, f"etc/prometheus/prometheus.yml: {shipped}"
            text = text.replace(shipped, here)
        config = self.folder / "prometheus.yml"
        config.write_text(text)
        shutil.copy(harness.SOURCE / "etc/prometheus/smokeledger.rules.yml", self.folder)
        self.prometheus = self.process(
            "prometheus", "prometheus", f"--config.file={config}",
            f"--storage.tsdb.path={self.folder / 'tsdb'}",
            f"--web.listen-address={PROMETHEUS}", "--log.level=warn")
        answers(self.prometheus, PROMETHEUS, "/-/ready")

    def probe_all(self):
        """One run of every probe, by the daemon, and what is printed. The worst decision is an
        escalation."""
        answer = harness.command("once", "--config.file", self.config, "-o", "table")
        assert answer.code == ESCALATED, answer
        return answer.out

    def head(self):
        return json_lines("ledger", "head", "--ledger", self.ledger)[0]["seq"]

    def scraped(self, seq, since):
        """Prometheus holds the daemon's state as of this line, by a scrape after that time."""
        newest = query(f"smokeledger_ledger_seq == {seq}")
        taken_at = query("timestamp(smokeledger_ledger_seq)")
        return newest and taken_at and taken_at[0][1] > since

    def settle(self, read):
        """What read() gives at a moment in which ledger and Prometheus stand at the same line."""
        for _ in range(10):
            seq, since = self.head(), time.time()
            harness.wait_for(f"Prometheus has seen line {seq}",
                             lambda: self.scraped(seq, since), pause=0.2)
            value = read()
            if self.head() == seq:
                return value
        raise AssertionError("the ledger never rests")

    def count(self):
        return json_lines("ledger", "count", "--ledger", self.ledger)

    def outcomes(self):
        return json_lines("ledger", "query", "--ledger", self.ledger)

    def journal(self):
        """The requests that the mock answered, as it wrote them down itself."""
        return get_json(MOCK, "/__aimock/journal", Authorization=f"Bearer {RIGHT_KEY}")

    def targets(self):
        return get_json(PROMETHEUS, "/api/v1/targets?state=active")["data"]["activeTargets"]

    def metrics(self):
        return get(DAEMON, "/metrics")


def promtool(text):
    return subprocess.run([shutil.which("promtool"), "check", "metrics"], input=text, text=True,
                          capture_output=True, check=False)
