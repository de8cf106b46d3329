"""Configuration files as values: one provider, its routes and one probe at a time."""

import json

EVIDENCE = {"model_verified_on": "2026-07-03", "model_link": "https://docs.example/models"}
QUICK = {"interval": "1s", "minimum_interval": "700ms", "jitter": 0.1, "backoff_cap": "1s",
         "calls_per_day": 100000}
HOURLY = {**QUICK, "interval": "1h", "backoff_cap": "1h"}
SHORT = {"attempts_per_route": 1, "attempt_budget": 1, "base": "20ms", "cap": "100ms",
         "attempt_timeout": "500ms", "deadline": "900ms", "pressure_after": 0}
FAMILIES = {"chat": "chat_completions", "responses": "responses"}


def provider(base_url, auth="none", **more):
    return {"base_url": base_url, "auth": auth, "non_production": True,
            "retry_tokens": 1_000_000, **more}


def value(item):
    """TOML and JSON agree on all that is used here; dates are bare."""
    if isinstance(item, list):
        return "[" + ", ".join(map(value, item)) + "]"
    if isinstance(item, dict):
        return "{ " + ", ".join(f"{key} = {value(of)}" for key, of in item.items()) + " }"
    return json.dumps(item)


def table(header, items):
    lines = [f"{key} = {item if key == 'model_verified_on' else value(item)}"
             for key, item in items.items()]
    return "\n".join([header, *lines, ""])


class Configuration:
    """Written by write(); change the members and write again for a reload."""

    def __init__(self, folder, schedule=QUICK, retry=SHORT):
        self.folder = folder
        self.file = folder / "smokeledger.toml"
        self.ledger = folder / "ledger"
        self.socket = folder / "control.sock"
        self.top = {"schema": 1}
        self.sections = {
            "ledger": {"name": "test", "dir": str(self.ledger)},
            "web": {"listen_address": "127.0.0.1:0"},
            "control": {"socket": str(self.socket)},
            "limits": {"max_in_flight": 8},
            "contract_review": {"max_age": "3650d"},  # whatever day it is
            "environment": {"name": "test", "owner": "platform-oncall"},
            "schedule": dict(schedule),
            "retry": dict(retry),
        }
        self.providers = {}
        self.routes = {}
        self.probes = {}

    def provider(self, name, base_url, model="test-model", **more):
        """The provider and a route of each family on it: NAME-chat and NAME-responses."""
        self.providers[name] = provider(base_url, **more)
        for short, family in FAMILIES.items():
            self.routes[f"{name}-{short}"] = {
                "provider": name, "family": family, "model": model, **EVIDENCE}

    def probe(self, name, *routes, mode="direct", **more):
        self.probes[name] = {"name": name, "mode": mode, "routes": list(routes), **more}

    def simple_probe(self, name, base_url, **more):
        """One provider, one route, one direct probe."""
        self.provider(name, base_url)
        self.probe(name, f"{name}-chat", **more)

    def text(self):
        parts = [table("", self.top)]
        parts += [table(f"[{name}]", items) for name, items in self.sections.items()]
        parts += [table(f"[providers.{name}]", items) for name, items in self.providers.items()]
        parts += [table(f"[routes.{name}]", items) for name, items in self.routes.items()]
        parts += [table("[[probes]]", items) for items in self.probes.values()]
        return "\n".join(parts)

    def write(self):
        self.file.write_text(self.text())
        return self.file
