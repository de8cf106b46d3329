"""etc/grafana/smokeledger.json: every expression of it finds data in a real Prometheus that scrapes
the demo, with drills and a gateway, and none of its texts claims what was not observed."""

import copy
import json
import re
import time

import claims
import grafana
import harness
import prometheus

FILE = harness.SOURCE / "etc/grafana/smokeledger.json"
PROVISIONING = harness.SOURCE / "etc/grafana/provisioning"
# Counters of which nothing is to be counted here.
MAY_STAND_STILL = {"smokeledger_ledger_append_failures_total"}
LABELS = {"environment": "demo", "instance": "demo-1.example:9464"}
PANELS = {"row", "text", "timeseries", "stat", "table", "barchart"}
RANGE = 3600  # seconds that the dashboard shows
MORE = """
[stub]
listen_address = "{address}"

[[probes]]
name = "drill-walk"
mode = "drill"
routes = ["chat", "responses"]
expect = "use_fallback"
drill = {{ of = "walk", scripts = ["throttled", "ok"], settle = "10ms" }}

# Expects what its scripts do not do.
[[probes]]
name = "drill-deviates"
mode = "drill"
routes = ["chat", "responses"]
expect = "keep_primary"
drill = {{ of = "walk", scripts = ["recover-after-1", "ok"], settle = "10ms" }}

# A gateway that tells nothing of itself.
[providers.silent-gateway]
base_url = "http://{gateway}/s/ok"
auth = "none"
gateway = "litellm"
non_production = true

[routes.chat-by-gateway]
provider = "silent-gateway"
family = "chat_completions"
model = "demo-model"
model_verified_on = 2026-07-03
model_link = "https://apidoc.cometapi.com/"

[[probes]]
name = "gateway-lost-its-evidence"
mode = "gateway"
routes = ["chat-by-gateway"]
require_evidence = ["retries"]
"""


def require():
    prometheus.need()


def read():
    return grafana.Dashboard(FILE.read_text())


class DashboardFile(harness.TestCase):
    def test_is_json_as_the_json_tool_writes_it(self):
        text = FILE.read_text()
        self.assertEqual(json.dumps(json.loads(text), indent=4) + "\n", text)

    def test_has_panels_of_known_types_each_at_its_own_place(self):
        panels = read().panels
        self.assertEqual(len(panels), len({panel["id"] for panel in panels}))
        self.assertEqual(set(), {panel["type"] for panel in panels} - PANELS)
        self.assertEqual([], list(grafana.overlaps(panels)))
        moved = copy.deepcopy(panels)
        moved[-1]["gridPos"]["x"] -= 1
        self.assertEqual(1, len(list(grafana.overlaps(moved))))

    def test_asks_the_data_source_that_is_chosen(self):
        dashboard = read()
        asked = [panel for panel in dashboard.panels if "targets" in panel]
        asked += [target for _, target in dashboard.queries()]
        asked += [one for one in dashboard.variables.values() if one["type"] == "query"]
        self.assertEqual([], [one for one in asked if one["datasource"] != {
            "type": "prometheus", "uid": "${datasource}"}])

    def test_counts_over_windows_that_hold_several_runs_and_divides_nothing(self):
        for panel, target in read().queries():
            expression = target["expr"]
            with self.subTest(panel["title"]):
                self.assertNotRegex(expression, r"\b(i?rate|irate|histogram_quantile|up)\b")
                self.assertNotRegex(expression.replace("/ 86400", ""), "/")
                windows = re.findall(r"\[([^\]]+)\]", expression)
                self.assertEqual("_total{" in expression and panel["type"] != "stat",
                                 windows != [], expression)
                self.assertLessEqual(set(windows), {"$window", "$__range"})

    def test_shows_exemplars_of_every_counter_over_time(self):
        for panel, target in read().queries():
            counted = "increase(" in target["expr"] and panel["type"] == "timeseries"
            self.assertEqual(counted, target["exemplar"], panel["title"])
            if counted:
                self.assertEqual("${window}", panel["interval"], panel["title"])

    def test_is_provisioned_with_a_link_from_an_exemplar_to_its_line(self):
        source = (PROVISIONING / "datasources/smokeledger.yaml").read_text()
        self.assertIn("- name: ledger_id\n", source)
        self.assertIn("url: http://127.0.0.1:9464/line/$${__value.raw}\n", source)
        self.assertRegex(source, r"urlDisplayLabel: \S")
        path = re.search("path: (.*)", (PROVISIONING / "dashboards/smokeledger.yaml").read_text())
        self.assertEqual("/usr/share/smokeledger/grafana", path.group(1))

    def test_claims_nothing_and_says_so(self):
        dashboard = read()
        places = dict(dashboard.texts())
        self.assertGreater(len(places), len(dashboard.panels))
        self.assertEqual([], claims.find("\n\n".join(places.values())))
        self.assertIn("does not assert uptime", "".join(places.values()))
        for _, target in dashboard.queries():
            self.assertEqual([], claims.find(target["expr"].replace("_", " ")))
        planted = FILE.read_text().replace('"Decisions"', '"Uptime of the provider: 99.9 %"')
        self.assertNotEqual([], claims.find(
            "\n\n".join(text for _, text in grafana.Dashboard(planted).texts())))


class DashboardOfTheDemo(harness.TestCase):
    @classmethod
    def setUpClass(cls):
        """One service and one Prometheus for all: they are only read."""
        super().setUpClass()
        cls.scene = Scene(methodName="run")
        cls.scene.setUp()
        cls.addClassCleanup(cls.scene.doCleanups)
        cls.scene.begin()

    def test_finds_data_for_every_variable(self):
        self.assertEqual([], self.scene.empty_variables(read()))

    def test_finds_data_for_every_panel_whatever_is_chosen(self):
        dashboard = read()
        everything = {name: [grafana.ALL] for name, *_ in dashboard.variable_queries()}
        for chosen in (everything, self.scene.values(dashboard)):
            for window in dashboard.variables["window"]["query"].split(","):
                self.scene.wait_for_no_faults(dashboard, {**chosen, "window": window})

    def test_finds_nothing_where_nothing_was_chosen_that_is_there(self):
        faults = self.scene.faults(read(), {"instance": ["elsewhere.example:9464"]})
        asked = [panel["title"] for panel, _ in read().queries()]
        self.assertEqual(asked, [fault.partition(":")[0] for fault in faults])

    def test_names_the_panel_of_a_misspelt_metric_and_of_a_wrong_expression(self):
        text = FILE.read_text()
        self.assertEqual(
            ["Tokens reported: no data"],
            self.scene.faults(grafana.Dashboard(text.replace(
                "(smokeledger_tokens_reported_total{", "(smokeledger_tokens_reportd_total{")), {}))
        found = self.scene.faults(grafana.Dashboard(text.replace(
            "sum by (gap) (increase(", "sum by (gap) (increased(")), {})
        self.assertRegex("\n".join(found), r"\APaused, by evidence gap: .*unknown function.*\Z")

    def test_chooses_by_every_label_that_there_is_to_choose_by(self):
        labels = self.scene.labels()
        for panel, target in read().queries():
            for metric, matched in grafana.metrics_of(target["expr"]):
                wanted = {"environment", "instance"} | labels[metric] & {"family", "probe"}
                self.assertLessEqual(wanted, matched, f"{panel['title']}: {metric}")

    def test_says_of_every_panel_what_was_counted_in_the_words_of_the_catalogue(self):
        described = dict(re.findall("^# HELP (\\S+) (.*)$", self.scene.exposition(), re.MULTILINE))
        for panel, target in read().queries():
            self.assertIn("docs/metrics.md", panel["description"], panel["title"])
            for metric, _ in grafana.metrics_of(target["expr"]):
                self.assertIn(described[metric], panel["description"], panel["title"])

    def test_shows_every_metric_that_there_is(self):
        shown = {metric for _, target in read().queries()
                 for metric, _ in grafana.metrics_of(target["expr"])}
        self.assertEqual(self.scene.labels().keys(), shown)

    def test_has_exemplars_that_name_lines(self):
        panel, target = next((panel, target) for panel, target in read().queries()
                             if panel["title"] == "Decisions")
        asked = read().filled(target["expr"], {}, RANGE)
        found = self.scene.prometheus.exemplars(asked)
        self.assertNotEqual([], found, panel["title"])
        for _, exemplars in found:
            self.assertRegex(exemplars[-1]["labels"]["ledger_id"], r"\Ademo-[0-9a-f]{8}-\d+\Z")


class Scene(harness.TestCase):
    """The demo's configuration with drills and a gateway, and a Prometheus beside the service."""

    def begin(self):
        text = (harness.SOURCE / "etc/demo/demo.toml").read_text()
        stub = self.stub().address
        text = text.replace("@STUB@", stub).replace("@DIR@", str(self.folder))
        config = self.folder / "demo.toml"
        config.write_text(text + MORE.format(
            address=f"127.0.0.1:{prometheus.free_port()}", gateway=stub))
        self.service = self.started_daemon(config)
        self.prometheus = self.own(prometheus.Prometheus(
            self.folder, self.service.addresses()[0], LABELS)).wait_ready()
        self.wait_for_no_faults(read(), {})

    def exposition(self):
        return self.service.get("/metrics").body

    def labels(self):
        """The label names of every metric."""
        text = self.exposition()
        found = {name: set() for name in re.findall("^# TYPE (\\S+)", text, re.MULTILINE)}
        for name, labels in re.findall("^(\\w+)(?:{(.*)})? ", text, re.MULTILINE):
            found[name] |= set(re.findall('(\\w+)="', labels))
        return found

    def values(self, dashboard):
        """All that can be chosen of each variable, as Grafana asks for it."""
        found = {}
        for name, expression, label, matching in dashboard.variable_queries():
            answer = self.prometheus.ask(f"label/{label}/values", **{
                "match[]": dashboard.filled(expression, {}, RANGE), "start": time.time() - RANGE})
            found[name] = [one for one in answer.get("data", []) if matching.search(one)]
        return found

    def empty_variables(self, dashboard):
        return [name for name, values in self.values(dashboard).items() if not values]

    def fault(self, expression):
        """Why the expression shows nothing; None: it shows something."""
        answer = self.prometheus.ask("query", query=expression)
        if answer["status"] != "success":
            return answer["error"]
        samples = answer["data"]["result"]
        if not samples:
            return "no data"
        still = {metric for metric, _ in grafana.metrics_of(expression)} <= MAY_STAND_STILL
        counted = "_total{" not in expression or any(float(one["value"][1]) for one in samples)
        return None if counted or still else "nothing was counted"

    def faults(self, dashboard, chosen):
        """`panel: what is wrong`, for each expression that shows nothing."""
        found = ((panel["title"], self.fault(dashboard.filled(target["expr"], chosen, RANGE)))
                 for panel, target in dashboard.queries())
        return [f"{title}: {why}" for title, why in found if why]

    def wait_for_no_faults(self, dashboard, chosen):
        found = []

        def none():
            found[:] = self.faults(dashboard, chosen)
            return not found
        try:
            harness.wait_for("every panel has data", none, pause=0.3)
        except AssertionError as late:
            raise AssertionError(f"{late}; {chosen}:\n" + "\n".join(found)) from late


if __name__ == "__main__":
    claims.take_program()
    harness.main()
