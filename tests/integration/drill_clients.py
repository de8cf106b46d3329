"""Drills of a real client and a real gateway, each alone and one over the other: what the stub counts
is the product of both, and each verdict is right against a budget that fits and one that does not.

    drill_clients.py BINARY PACKAGES [unittest flags]

PACKAGES: the folder into which the npm packages are installed, once. `openai` is the official SDK,
@portkey-ai/gateway the gateway. Five retries of the gateway take it half a minute, for it waits 1, 2,
4, 8 and 16 s: SMOKELEDGER_LONG=1 adds the cells that do so more than once.
"""

import json
import os
import pathlib
import sys
import time

import harness
import third_parties_packages as packages
from configuration import HOURLY, Configuration
from third_parties_scene import answers

STUB, GATEWAY = "127.0.0.1:9466", "127.0.0.1:8787"
CLIENT = packages.DATA / "drill_client.mjs"
FAST = "throttled-retry-after-ms"  # asks for 50 ms
PASS, FAIL = 0, 1
RECEIVED = {"0": "usable_response", "3": "controlled_failure"}

# Retries of the SDK, of the gateway (None: no gateway), and what the stub must count of one request.
ALONE = [(0, None, 1), (2, None, 3), (10, None, 11)]
STACKED = [(0, 0, 1), (2, 0, 3), (0, 5, 6)]
LONG_STACKED = [(2, 5, 18), (10, 0, 11), (10, 5, 66)]
BY_GATEWAY = [(0, 1), (5, 6)]  # retries of the gateway, called once by the daemon
LONG = bool(os.environ.get("SMOKELEDGER_LONG"))


def cells():
    return ALONE + STACKED + (LONG_STACKED if LONG else [])


def is_run_tight(gateway, arrivals):
    """Also against a budget that is one less than what must arrive."""
    return arrivals > 1 and (LONG or gateway != 5)


def name_of(sdk, gateway):
    return f"sdk-{sdk}" + ("" if gateway is None else f"-over-{gateway}")


class DrillClients(harness.TestCase):
    """One daemon for all, with its stub, and one gateway; each test brings its own clients."""

    def setUp(self):
        super().setUp()
        made = self.configuration = Configuration(self.folder, schedule=HOURLY)
        made.sections["schedule"]["minimum_interval"] = "0s"
        made.sections["retry"].update(attempt_timeout="50s", deadline="55s")
        made.sections["stub"] = {"listen_address": STUB}
        made.provider("any", "https://api.example.com", auth="bearer",
                      credential="<API_KEY_PLACEHOLDER>")
        key = self.folder / "gateway-key"
        key.write_text("no-key-is-looked-at\n")
        for retries, arrivals in BY_GATEWAY:
            self.add_gateway_drill(retries, arrivals, key)
        for sdk, gateway, arrivals in cells():
            self.add_client_drills(name_of(sdk, gateway), arrivals)
        self.drill_of_client("sdk-recovers", script="recover-after-2-ms", budget=3, arrivals=3)
        self.drill_of_client("sdk-backs-off", script="throttled", budget=3, settle="100ms",
                             expect="controlled_failure", exit_codes=RECEIVED)
        self.drill_of_client("sdk-five-times", script="recover-after-2", asked=5, budget=3,
                             arrivals=15)
        self.drill_of_client("sdk-is-told-not-to", script="throttled-no-retry", budget=1)
        self.file = made.write()
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        program = NODE_MODULES / "@portkey-ai/gateway/build/start-server.js"
        gateway = self.own(harness.Process(
            self.folder, "portkey", ["node", program, f"--port={GATEWAY.rpartition(':')[2]}",
                                     "--headless"], env=self.environment))
        answers(gateway, GATEWAY, "/")
        self.started_daemon(self.file, env=self.environment)

    def add_gateway_drill(self, retries, arrivals, key):
        name = f"gateway-{retries}"
        self.configuration.provider(
            name, f"http://{GATEWAY}", auth="bearer", credential_file=str(key),
            gateway="portkey", headers={
                "x-portkey-provider": "openai",
                "x-portkey-custom-host": f"http://{STUB}/s/{FAST}/v1",
                "x-portkey-config": json.dumps({"retry": {"attempts": retries}})})
        for probe, budget in ((name, arrivals), (f"{name}-tight", arrivals - 1)):
            if budget < 1:
                continue
            self.configuration.probe(probe, f"{name}-chat", mode="drill",
                                     expect="controlled_failure", drill={
                                         "of": "gateway", "scripts": [FAST], "budget": budget,
                                         "settle": "200ms"})

    def add_client_drills(self, name, arrivals):
        self.drill_of_client(name, budget=arrivals, arrivals=arrivals,
                             expect="controlled_failure", exit_codes=RECEIVED)
        self.drill_of_client(f"{name}-tight", budget=max(arrivals - 1, 1))

    def drill_of_client(self, name, script=FAST, expect=None, settle="200ms", **drill):
        more = {"expect": expect} if expect else {}
        self.configuration.probe(name, "any-chat", mode="drill", **more, drill={
            "of": "client", "scripts": [script], "settle": settle, **drill})

    def drill(self, name, sdk, gateway=None, requests=1):
        """The answer of the command and the outcome line."""
        environment = dict(self.environment)
        if gateway is not None:
            environment.update(DRILL_GATEWAY=f"http://{GATEWAY}",
                               DRILL_GATEWAY_RETRIES=str(gateway))
        began = time.monotonic()
        answer = harness.command("drill", "--config.file", self.file, name, "--", "node", CLIENT,
                                 NODE_MODULES, sdk, requests, env=environment, patience=600)
        lines = answer.out.splitlines()
        self.assertGreaterEqual(len(lines), 2, answer)
        line = self.line(lines[1].split()[0])
        print(f"\n{name}: {lines[0]} ({time.monotonic() - began:.1f} s)", end="")
        return answer, line

    def line(self, ledger_id):
        answer = harness.command("ledger", "query", "--ledger", self.configuration.ledger,
                                 "-o", "json")
        found = [line for line in map(json.loads, answer.out.splitlines())
                 if line["ledger_id"] == ledger_id]
        self.assertEqual(1, len(found), ledger_id)
        return found[0]

    def test_each_cell_is_counted_and_judged(self):
        for sdk, gateway, arrivals in cells():
            name = name_of(sdk, gateway)
            with self.subTest(cell=name):
                answer, line = self.drill(name, sdk, gateway)
                self.assertEqual(PASS, answer.code, f"{answer}\n{line}")
                self.assertTrue(answer.out.startswith(
                    f"asked 1, upstream saw {arrivals}, budget {arrivals}: pass\n"), answer)
                self.assertEqual((arrivals, "yes", "controlled_failure", "external_client"),
                                 (line["arrivals"], line["within_budget"],
                                  line["caller_received"], line["observed_layer"]))
                self.assertEqual(min(arrivals - 1, 128), len(line["arrival_gaps_ms"]))
                self.assertEqual([], line["unresolved"])
            if not is_run_tight(gateway, arrivals):
                continue
            with self.subTest(cell=name, budget=arrivals - 1):
                answer, line = self.drill(f"{name}-tight", sdk, gateway)
                self.assertEqual(FAIL, answer.code, answer)
                self.assertEqual((arrivals, "no", "drill_over_budget", "fail"),
                                 (line["arrivals"], line["within_budget"], line["rule"],
                                  line["check_result"]))
        self.assert_verifies(self.configuration.ledger)
        self.assert_replays(self.configuration.ledger)

    def test_the_gateway_alone_is_counted_behind_one_call_of_ours(self):
        for retries, arrivals in BY_GATEWAY:
            for tight in (False, True):
                if tight and not is_run_tight(retries, arrivals):
                    continue
                name = f"gateway-{retries}" + ("-tight" if tight else "")
                answer = harness.command("drill", "--config.file", self.file, name, "-o", "json",
                                         patience=120)
                line = json.loads(answer.out)
                with self.subTest(drill=name):
                    self.assertEqual(FAIL if tight else PASS, answer.code, line)
                    self.assertEqual((arrivals, 1, "gateway"),
                                     (line["arrivals"], len(line["attempts"]),
                                      line["observed_layer"]))

    def test_the_sdk_recovers_within_its_budget(self):
        answer, line = self.drill("sdk-recovers", 2)
        self.assertEqual(PASS, answer.code, f"{answer}\n{line}")
        self.assertEqual(3, line["arrivals"])

    def test_the_sdk_is_seen_to_back_off(self):
        answer, line = self.drill("sdk-backs-off", 2)
        self.assertEqual(PASS, answer.code, f"{answer}\n{line}")
        self.assertEqual(("true", "not_exercised"),
                         (line["backoff_policy_seen"], line["jitter_seen"]))

    def test_five_requests_of_the_sdk_are_told_apart_and_seen_to_jitter(self):
        answer, line = self.drill("sdk-five-times", 2, requests=5)
        self.assertEqual(PASS, answer.code, f"{answer}\n{line}")
        self.assertEqual((15, "true", "true", []),
                         (line["arrivals"], line["backoff_policy_seen"], line["jitter_seen"],
                          line["unresolved"]))
        self.assertEqual(10, len(line["arrival_gaps_ms"]))

    def test_the_sdk_heeds_a_reply_that_forbids_a_retry(self):
        answer, line = self.drill("sdk-is-told-not-to", 10)
        self.assertEqual(PASS, answer.code, f"{answer}\n{line}")
        self.assertEqual(1, line["arrivals"])


def require():
    """The packages while there is a network, then none but the loopback."""
    packages.need_node()
    packages.installed(PACKAGES)
    packages.enter_private_network(sys.argv[0], harness.binary(), PACKAGES, *sys.argv[1:])


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(f"usage: {sys.argv[0]} BINARY PACKAGES [unittest flags]")
    PACKAGES = pathlib.Path(sys.argv.pop(2)).resolve()
    NODE_MODULES = PACKAGES / "node_modules"
    harness.main()
