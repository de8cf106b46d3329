"""A dashboard of Grafana as a test reads it: its panels, its variables, and what Grafana makes of
them in an expression.
https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/
https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/"""

import itertools
import json
import re

ALL = "$__all"
VARIABLE = re.compile(r"\$\{(\w+)\}|\$(\w+)")
LABEL_VALUES = re.compile(r"label_values\((.*), *(\w+)\)")


class Dashboard:
    def __init__(self, text):
        self.text = text
        self.model = json.loads(text)
        self.panels = self.model["panels"]
        self.variables = {one["name"]: one for one in self.model["templating"]["list"]}

    def queries(self):
        """(panel, target) of each expression."""
        return [(panel, target) for panel in self.panels for target in panel.get("targets", [])]

    def variable_queries(self):
        """Of each variable that Prometheus fills: name, expression, label, filter of its values."""
        for name, variable in self.variables.items():
            if variable["type"] == "query":
                expression, label = LABEL_VALUES.fullmatch(variable["query"]["query"]).groups()
                yield name, expression, label, re.compile(variable["regex"].strip("/"))

    def texts(self):
        """What a person reads: (place, text)."""
        read = {"title", "description", "content", "label", "legendFormat", "text", "noValue"}
        found = []

        def walk(value, place):
            if isinstance(value, dict):
                for key, inner in value.items():
                    if key == "renameByName":
                        found.extend((f"{place}.{key}", name) for name in inner.values())
                    elif key in read and isinstance(inner, str):
                        found.append((f"{place}.{key}", inner))
                    else:
                        walk(inner, f"{place}.{key}")
            elif isinstance(value, list):
                for inner in value:
                    name = inner.get("title", "") if isinstance(inner, dict) else ""
                    walk(inner, f"{place}[{name}]")
        walk(self.model, "dashboard")
        return found

    def filled(self, text, chosen, range_seconds):
        """The text with its variables replaced, as Grafana's data source for Prometheus does.
        What is chosen of a variable is a list, ALL alone or values; one of which nothing is chosen
        has its `current` value. An unknown variable raises KeyError."""
        def value(match):
            name = match.group(1) or match.group(2)
            if name == "__range":
                return f"{range_seconds}s"
            variable = self.variables[name]
            values = chosen.get(name, variable["current"]["value"])
            if isinstance(values, str):
                return values
            if values == [ALL]:
                return variable["allValue"]
            escaped = [escape(one) for one in values]
            return escaped[0] if len(escaped) == 1 else "(" + "|".join(escaped) + ")"
        return VARIABLE.sub(value, text)


def escape(value):
    """For a regular expression inside a string in quotes: each backslash stands there twice."""
    return re.sub(r"[\\^$*+?.()|{}\[\]']", r"\\\\\g<0>", value)


def metrics_of(expression):
    """Names of our metrics in it, each with the labels that its selector names."""
    for name, labels in re.findall(r"\b(smokeledger_\w+)(?:\{([^}]*)\})?", expression):
        yield name, set(re.findall(r'(\w+)=~?"', labels))


def overlaps(panels):
    """Titles of panels that lie on each other or beyond the 24 columns."""
    for panel in panels:
        at = panel["gridPos"]
        if at["x"] < 0 or at["w"] < 1 or at["h"] < 1 or at["x"] + at["w"] > 24:
            yield panel["title"]
    for one, other in itertools.combinations(panels, 2):
        a, b = one["gridPos"], other["gridPos"]
        if (a["x"] < b["x"] + b["w"] and b["x"] < a["x"] + a["w"] and
                a["y"] < b["y"] + b["h"] and b["y"] < a["y"] + a["h"]):
            yield f"{one['title']} / {other['title']}"
