#include <array>

#include "daemon/config/keys.h"

namespace smokeledger::daemon::config {
namespace {

using enum KeyType;

constexpr std::int64_t second = 1'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 3'600 * second;
constexpr std::int64_t day = 24 * hour;
constexpr std::int64_t kibibyte = 1'024;
constexpr std::int64_t gibibyte = kibibyte * kibibyte * kibibyte;

// One row is read as one: not formatted to one argument a line.
// clang-format off
constexpr std::array rows{
    KeyInfo{"", "schema", integer, true, "", "1", "version of this format", 1, 1},
    KeyInfo{"", "contracts_dir", text, false, "\"\"", "\"/etc/smokeledger/contracts\"",
            "folder whose FAMILY.toml files replace the built-in contracts; relative to this file; "
            "empty: built-in only"},
    KeyInfo{"", "ledger", table, true, "", "[ledger]", "where evidence is kept"},
    KeyInfo{"", "web", table, false, "", "[web]", "the HTTP listeners"},
    KeyInfo{"", "control", table, false, "", "[control]", "the door for writing commands"},
    KeyInfo{"", "stub", table, false, "", "[stub]", "the loopback provider that drills need"},
    KeyInfo{"", "limits", table, false, "", "[limits]", "limits across all probes"},
    KeyInfo{"", "environment", table, true, "", "[environment]", "what this host is"},
    KeyInfo{"", "hosted", table, false, "", "[hosted]", "what the hosted path uses"},
    KeyInfo{"", "schedule", table, false, "", "[schedule]", "when probes run"},
    KeyInfo{"", "retry", table, false, "", "[retry]", "how a run retries"},
    KeyInfo{"", "contract_review", table, false, "", "[contract_review]",
            "how long a contract is good without a person's look at its documentation"},
    KeyInfo{"", "packets", table, false, "", "[packets]", "when escalation packets are opened"},
    KeyInfo{"", "windows", named, false, "", "[windows.nights]", "hours in which nothing is sent"},
    KeyInfo{"", "providers", named, false, "", "[providers.main]", "who is called"},
    KeyInfo{"", "routes", named, false, "", "[routes.chat-primary]", "what is called there"},
    KeyInfo{"", "probes", tables, false, "", "[[probes]]", "the scheduled checks"},

    KeyInfo{"ledger", "name", text, true, "", "\"staging\"",
            "name of the ledger, `[a-z0-9-]`, 1 to 40 characters; 8 random hex digits are added at "
            "creation"},
    KeyInfo{"ledger", "dir", text, true, "", "\"/var/lib/smokeledger/ledger\"",
            "absolute path of the ledger's folder"},
    KeyInfo{"ledger", "segment_size", size, false, "\"64MiB\"", "\"64MiB\"",
            "size at which the next segment file is begun", 32 * kibibyte, gibibyte},
    KeyInfo{"ledger", "segment_age", duration, false, "\"7d\"", "\"7d\"",
            "age at which the next segment file is begun, at the next line; 0s: never", 0, 366 * day},
    KeyInfo{"ledger", "retention", duration, false, "\"0s\"", "\"400d\"",
            "age at which closed segments are deleted, by the wall clock; a `retired` line says so; "
            "0s: never",
            0, 36'600 * day},
    KeyInfo{"ledger", "checkpoint_key_credential", text, false, "none", "\"ledger-key\"",
            "systemd credential, `[A-Za-z0-9_.-]`, with the key that signs checkpoints"},
    KeyInfo{"ledger", "checkpoint_key_file", text, false, "none",
            "\"/etc/smokeledger/keys/ledger-key.pem\"",
            "absolute path of that key instead; without either, one is made in the ledger's folder"},

    KeyInfo{"web", "listen_address", text, false, "\"127.0.0.1:9464\"", "\"127.0.0.1:9464\"",
            "where pages, metrics and status are served; a loopback address and a port"},
    KeyInfo{"web", "metrics_listen_address", text, false, "\"\"", "\":9465\"",
            "a second listener with `/metrics` and `/-/healthy` only; any address; empty: none"},

    KeyInfo{"control", "socket", text, false, "\"/run/smokeledger/control.sock\"",
            "\"/run/smokeledger/control.sock\"",
            "absolute path of the Unix socket, at most 107 bytes"},

    KeyInfo{"stub", "listen_address", text, false, "\"\"", "\"127.0.0.1:9466\"",
            "where the service's own stub listens: a loopback address and a port; empty: nowhere, "
            "and no drill but a live one can run"},
    KeyInfo{"stub", "request_header", text, false, "\"x-request-id\"", "\"x-request-id\"",
            "header that names a logical request; a trailing `.NUMBER` of its value counts attempts"},

    KeyInfo{"limits", "max_in_flight", integer, false, "2", "2", "requests under way in all", 1,
            16},

    KeyInfo{"environment", "name", text, true, "", "\"staging\"",
            "name of this environment, in every ledger line; at most 80 characters"},
    KeyInfo{"environment", "owner", text, false, "none", "\"platform-oncall\"",
            "follow-up owner of probes that name none; at most 80 characters"},
    KeyInfo{"environment", "versions", text_table, false, "{}", "{ parser = \"2.4.1\" }",
            "versions in use here, by name"},
    KeyInfo{"environment", "feature_flags", texts, false, "[]", "[\"new-parser\"]",
            "feature flags that are on here", 0, 64},

    KeyInfo{"hosted", "versions", text_table, false, "not compared", "{ parser = \"2.4.1\" }",
            "versions in use on the hosted path"},
    KeyInfo{"hosted", "feature_flags", texts, false, "not compared", "[\"new-parser\"]",
            "feature flags that are on there", 0, 64},
    KeyInfo{"hosted", "models", text_table, false, "not compared",
            "{ chat-primary = \"your-chat-model\" }", "route name to the model used there"},
    KeyInfo{"hosted", "credentials", text_table, false, "not compared",
            "{ main = \"cometapi-key\" }",
            "provider name to the credential name used there; never the credential"},

    KeyInfo{"schedule", "interval", duration, false, "\"30m\"", "\"30m\"",
            "time between two runs of a probe", 100, 30 * day},
    KeyInfo{"schedule", "jitter", number, false, "0.1", "0.1",
            "each interval is lengthened by up to this fraction, never shortened", 0, 1},
    KeyInfo{"schedule", "minimum_interval", duration, false, "\"10m\"", "\"10m\"",
            "never less than this between two runs, whatever happens; below `10m` only where every "
            "base URL is loopback",
            0, 30 * day},
    KeyInfo{"schedule", "backoff_cap", duration, false, "\"4h\"", "\"4h\"",
            "the interval doubles after failures up to this", 0, 30 * day},
    KeyInfo{"schedule", "confirm_after", duration, false, "\"0s\"", "\"15m\"",
            "after a change of decision one run may come this soon; `0s`: none", 0, 30 * day},
    KeyInfo{"schedule", "calls_per_day", integer, false, "200", "200",
            "requests per probe and UTC day; at least `attempt_budget`, save in gateway mode", 1,
            100'000},
    KeyInfo{"schedule", "output_tokens_per_day", integer, false, "0", "20000",
            "output tokens per probe and UTC day, as replies report them, or else as many as were "
            "asked for; a run that may not fit is paused; 0: no cap",
            0, 100'000'000},
    KeyInfo{"schedule", "quiet", texts, false, "[]", "[\"nights\"]",
            "names of windows; runs that are due in one are paused and recorded", 0, 8},

    KeyInfo{"retry", "attempts_per_route", integer, false, "3", "3",
            "requests on one route of a run; 1 in direct and gateway mode", 1, 20},
    KeyInfo{"retry", "attempt_budget", integer, false, "4", "4",
            "requests of a run across all its routes, with those that its gateways tell of; 1 in "
            "direct mode",
            1, 20},
    KeyInfo{"retry", "jitter", text, false, "\"full\"", "\"full\"",
            "how a wait is drawn. `full`: from 0 to b, where b is the smaller of `cap` and `base` "
            "times `multiplier` to the n; `equal`: from half of b to b; `decorrelated`: from `base` "
            "to `multiplier` times the wait before, at most `cap`"},
    KeyInfo{"retry", "base", duration, false, "\"500ms\"", "\"500ms\"",
            "scale of the first wait", 1, hour},
    KeyInfo{"retry", "multiplier", number, false, "2", "2", "growth of the wait", 1, 10},
    KeyInfo{"retry", "cap", duration, false, "\"8s\"", "\"8s\"",
            "upper bound of every drawn wait; not below `base`", 1, hour},
    KeyInfo{"retry", "retry_after_cap", duration, false, "\"30s\"", "\"30s\"",
            "a Retry-After up to this is obeyed", 0, hour},
    KeyInfo{"retry", "attempt_timeout", duration, false, "\"30s\"", "\"30s\"",
            "one request, from its start to its last byte; at most `deadline`", 10, hour},
    KeyInfo{"retry", "deadline", duration, false, "\"2m\"", "\"2m\"",
            "a whole run, waits and requests; shorter than `interval`", 10, day},
    KeyInfo{"retry", "on", text_table, false, "{}",
            "{ account_state = \"fall_back\" }",
            "what is done after a reason where it differs from the table below: `escalate`, "
            "`retry`, `fall_back` or `retry_then_fall_back`"},
    KeyInfo{"retry", "pressure_after", integer, false, "3", "3",
            "after so many runs in a row that retried and did not recover, a run sends one request "
            "and no fallback until one is usable; 0: never. Probes that expect a failure or a "
            "fallback are left out",
            0, 100},

    KeyInfo{"contract_review", "max_age", duration, false, "\"180d\"", "\"180d\"",
            "age, in whole days, above which a contract is overdue", day, 3'650 * day},
    KeyInfo{"contract_review", "pause", boolean, false, "false", "true",
            "`true`: runs of a probe with an overdue contract are paused"},

    KeyInfo{"windows.NAME", "time_zone", text, true, "", "\"Europe/Berlin\"",
            "IANA name of the zone whose clock counts, with its daylight saving"},
    KeyInfo{"windows.NAME", "days", texts, false, "every day", "[\"sat\", \"sun\"]",
            "days on which it begins: `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`", 1, 7},
    KeyInfo{"windows.NAME", "from", text, true, "", "\"22:00\"", "time of the day"},
    KeyInfo{"windows.NAME", "to", text, true, "", "\"06:00\"",
            "time of the day; at or before `from`: of the next day"},

    KeyInfo{"packets", "after", integer, false, "1", "2",
            "a packet is opened by so many escalations that nobody expects, among the newest "
            "`of_last` outcomes of a probe; 0: by none",
            0, 16},
    KeyInfo{"packets", "of_last", integer, false, "1", "3", "see `after`", 1, 16},
    KeyInfo{"packets", "ignore_alerts_about", texts, false, "[\"families\", \"packets\", \"reviews\", \"ledger\"]",
            "[\"families\", \"packets\", \"reviews\", \"ledger\"]",
            "alerts with such a label `about` open no packet: those of our own rules that are about "
            "a family at a provider over all probes, or about the records themselves",
            0, 16},
    KeyInfo{"packets", "alerts_token_credential", text, false, "none", "\"alertmanager-token\"",
            "systemd credential, `[A-Za-z0-9_.-]`, with the bearer token that Alertmanager sends"},
    KeyInfo{"packets", "alerts_token_file", text, false, "none",
            "\"/etc/smokeledger/keys/alertmanager-token\"",
            "absolute path of that token instead; without either, no alerts are taken"},
    KeyInfo{"packets", "outbox", text, false, "none", "\"/var/lib/smokeledger/outbox\"",
            "absolute path of the folder into which each packet is written; none: nowhere"},
    KeyInfo{"packets", "webhook_url_credential", text, false, "none", "\"packet-webhook-url\"",
            "systemd credential, `[A-Za-z0-9_.-]`, with the URL that each packet is posted to: https, "
            "or http for a loopback host; no user info or fragment"},
    KeyInfo{"packets", "webhook_url_file", text, false, "none",
            "\"/etc/smokeledger/keys/packet-webhook-url\"",
            "absolute path of that URL instead; without either, nothing is posted"},
    KeyInfo{"packets", "webhook_key_credential", text, false, "none", "\"packet-webhook-key\"",
            "systemd credential, `[A-Za-z0-9_.-]`, with the key that signs what is posted; required "
            "with a URL"},
    KeyInfo{"packets", "webhook_key_file", text, false, "none",
            "\"/etc/smokeledger/keys/packet-webhook-key\"", "absolute path of that key instead"},
    KeyInfo{"packets", "webhook_attempts", integer, false, "12", "12",
            "how often a packet is posted at most, with waits that are drawn from 0 to 1, 2, 4 ... s and "
            "at most 10 min",
            1, 64},

    KeyInfo{"providers.NAME", "base_url", text, true, "", "\"https://api.cometapi.com\"",
            "where contract paths are appended: https, or http for a loopback host; no user info, "
            "query or fragment"},
    KeyInfo{"providers.NAME", "auth", text, true, "", "\"bearer\"",
            "how the credential is sent: `bearer`, `x-api-key`, `x-goog-api-key` or `none`"},
    KeyInfo{"providers.NAME", "credential", text, false, "none", "\"cometapi-key\"",
            "systemd credential name, `[A-Za-z0-9_.-]`; `<API_KEY_PLACEHOLDER>`: runs are paused"},
    KeyInfo{"providers.NAME", "credential_file", text, false, "none",
            "\"/etc/smokeledger/keys/cometapi\"",
            "absolute path of a file that holds the credential, instead of `credential`"},
    KeyInfo{"providers.NAME", "non_production", boolean, true, "", "true",
            "must be `true`: the credential and the route are not those of production traffic"},
    KeyInfo{"providers.NAME", "max_in_flight", integer, false, "1", "1",
            "requests under way at this provider", 1, 16},
    KeyInfo{"providers.NAME", "retry_tokens", integer, false, "20", "20",
            "retries and fallbacks that failures of this provider may cause, across runs and "
            "probes; each takes one, each usable reply gives a fifth back",
            0, 1'000'000},
    KeyInfo{"providers.NAME", "headers", text_table, false, "{}", "{ x-route-class = \"smoke\" }",
            "further request headers; none that carries a credential or frames the message"},
    KeyInfo{"providers.NAME", "gateway", text, false, "\"none\"", "\"litellm\"",
            "what stands behind the base URL: `none`, `litellm`, `portkey`, `envoy`, `ngrok`, "
            "`cloudflare`, `openrouter` or `azure`; docs/gateways.md says what each tells"},
    KeyInfo{"providers.NAME", "request_id_header", text, false, "\"x-request-id\"",
            "\"x-portkey-trace-id\"",
            "the request header that carries our request id; none that carries a credential or "
            "frames the message"},
    KeyInfo{"providers.NAME", "request_id_suffix", text, false, "\".{n}\"", "\".{n}\"",
            "end of that id, of `[A-Za-z0-9._:-]`; `{n}` is the attempt's number in its run; empty: "
            "all attempts of a run have one id",
            0, 32},

    KeyInfo{"routes.NAME", "provider", text, true, "", "\"main\"", "name of a provider"},
    KeyInfo{"routes.NAME", "family", text, true, "", "\"chat_completions\"",
            "endpoint family: a word of `smokeledger contract list`"},
    KeyInfo{"routes.NAME", "model", text, true, "", "\"your-chat-model\"",
            "model to ask for, as the provider's documentation spells it"},
    KeyInfo{"routes.NAME", "model_verified_on", date, true, "", "2026-07-04",
            "day on which a person last saw the model in the account's documentation"},
    KeyInfo{"routes.NAME", "model_link", text, false, "\"\"",
            "\"https://apidoc.cometapi.com/api/text/chat\"", "https link to where it was seen"},

    KeyInfo{"probes", "name", text, true, "", "\"chat-walk\"",
            "name of the probe, `[a-z0-9-]`, 1 to 40 characters, unique"},
    KeyInfo{"probes", "mode", text, true, "", "\"walk\"",
            "`direct`: one route, no retry; `walk`: our own retry-and-fallback loop; `gateway`: one "
            "call through a gateway, whose own retries and fallbacks are read; `drill`: our loop, a "
            "gateway or a real client against the stub"},
    KeyInfo{"probes", "routes", texts, true, "", "[\"chat-primary\", \"responses-fallback\"]",
            "route names: the primary, then the fallbacks in order; exactly one in direct and gateway "
            "mode",
            1, 4},
    KeyInfo{"probes", "stream", boolean, false, "false", "true",
            "ask for streamed replies and judge the stream's events"},
    KeyInfo{"probes", "expect", text, false, "\"usable_response\"", "\"usable_response\"",
            "what a run should show: `usable_response`, `controlled_failure`, `keep_primary`, "
            "`retry_primary`, `use_fallback` or `escalate`"},
    KeyInfo{"probes", "require_evidence", texts, false, "[]", "[\"retries\", \"fallbacks\"]",
            "what every usable reply through a gateway has to tell: `retries`, `fallbacks`, "
            "`served_model`; one that does not is escalated",
            0, 3},
    KeyInfo{"probes", "owner", text, false, "environment.owner", "\"platform-oncall\"",
            "who follows up; at most 80 characters"},
    KeyInfo{"probes", "evidence_links", texts, false, "the contracts' sources",
            "[\"https://apidoc.cometapi.com/api/text/chat\"]",
            "https links to what was reviewed; query strings and fragments are stripped", 0, 4},
    KeyInfo{"probes", "schedule", table, false, "[schedule]", "{ interval = \"1h\" }",
            "keys of `[schedule]` that differ for this probe"},
    KeyInfo{"probes", "retry", table, false, "[retry]", "{ attempt_budget = 2 }",
            "keys of `[retry]` that differ for this probe"},
    KeyInfo{"probes", "packets", table, false, "[packets]", "{ after = 2, of_last = 3 }",
            "`after` and `of_last` of `[packets]` for this probe"},
    KeyInfo{"probes", "drill", table, false, "none",
            "{ of = \"walk\", scripts = [\"throttled\"] }",
            "what is drilled and how; required in mode `drill`, refused elsewhere"},

    KeyInfo{"probes.packets", "after", integer, false, "packets.after", "2", "as in `[packets]`", 0, 16},
    KeyInfo{"probes.packets", "of_last", integer, false, "packets.of_last", "3", "as in `[packets]`",
            1, 16},

    KeyInfo{"probes.drill", "of", text, true, "", "\"walk\"",
            "who is drilled: `walk`: our own loop on the routes' families and models; `gateway`: "
            "the route's provider, a gateway whose upstream is the stub; `client`: a command that "
            "`smokeledger drill` runs"},
    KeyInfo{"probes.drill", "scripts", texts, false, "none", "[\"throttled\", \"ok\"]",
            "what the stub plays: one of `smokeledger stub --list` for each route, or one for all; "
            "exactly one for a gateway or a client",
            1, 4},
    KeyInfo{"probes.drill", "asked", integer, false, "1", "1",
            "requests that the client makes in one run of the command; 1 where we ask", 1, 10'000},
    KeyInfo{"probes.drill", "budget", integer, false, "what the retry policy allows", "4",
            "requests that may arrive for each one asked; required for a gateway or a client", 1,
            100'000},
    KeyInfo{"probes.drill", "arrivals", integer, false, "not compared", "3",
            "requests that must arrive in all, exactly", 1, 1'000'000},
    KeyInfo{"probes.drill", "exit_codes", text_table, false, "{}",
            "{ 0 = \"usable_response\", 3 = \"controlled_failure\" }",
            "what an exit code of the client says that it received: `usable_response`, "
            "`controlled_failure` or `nothing`; compared with `expect`"},
    KeyInfo{"probes.drill", "settle", duration, false, "\"2s\"", "\"2s\"",
            "how long stragglers are counted after the caller had its answer", 0, 10 * minute},
    KeyInfo{"probes.drill", "live", text, false, "\"none\"", "\"invalid_key\"",
            "`invalid_key`: no stub; an invalid key is sent to the one route's own provider, at "
            "most once a day; `none`: no live drill"},
};
// clang-format on

}  // namespace

std::span<const KeyInfo> config_keys() {
  return rows;
}

}  // namespace smokeledger::daemon::config
