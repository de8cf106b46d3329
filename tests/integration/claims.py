"""The one list of what no output may claim, and of what is allowed to sound like it."""

import re

import harness

WORDS = ("uptime", "latency", "availab", "healthy", "quota", "price", "pricing", "billing",
         r"\bsla\b", "production[- ]ready", "ready for production", "rate[- ]limit capacity",
         "guarantee", "outage", "downtime", "degraded", "success rate", "response time")

ALLOWED = (
    "/-/healthy",          # Prometheus' customary name for `the process answers`
    "exhausted-quota",     # a script of the stub, by what it imitates
    "insufficient_quota",  # an error code that providers document
)


def disclaimer():
    text = (harness.SOURCE / "probes/core/disclaimer.h").read_text()
    return "".join(re.findall(r'^    "(.*)"', text, re.MULTILINE))


def find(text):
    """Claims outside the disclaimer and the allowed names, with what stands around them."""
    text = " ".join(text.split()).replace(disclaimer(), "")
    for name in ALLOWED:
        text = text.replace(name, "")
    found = re.finditer("|".join(WORDS), text, re.IGNORECASE)
    return [text[max(0, match.start() - 40):match.end() + 40] for match in found]
