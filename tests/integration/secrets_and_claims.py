"""A run with real credentials, prompts and completions leaves none of them anywhere, and nothing
that is written claims what a smoke test cannot know."""

import html
import json
import os
import pathlib
import re
import secrets
import signal
import time

import claims
import disguises
import harness
import ledger_files
from configuration import HOURLY, Configuration
from drills import free_port
from provider import Provider, chat_completion, http


def canaries():
    """Each is unlike anything else, and holds characters that encodings change."""
    names = ("bearer", "api-key", "inline-key", "completion", "error-message", "error-code",
             "header", "model", "member", "reason-phrase", "content-type", "retry-after", "html")
    made = {name: f"Canary/{name}+{secrets.token_hex(12)}" for name in names}
    made["inline-key"] = "sk-canary" + secrets.token_hex(16)
    made["prompt"] = "Please name seven violet canaries of the harbour."
    return made


DECIDED = (0, 10, 11, 12, 13)  # exit codes of `once`
OPEN_METRICS = "application/openmetrics-text;version=1.0.0"


class CanaryProvider:
    """Answers with canaries wherever a provider may write text."""

    def __init__(self, canary):
        self.canary = canary
        self.prompts = 0
        self.credentials = set()
        self.provider = Provider(self.answer)

    def answer(self, arrival):
        self.prompts += self.canary["prompt"].encode() in arrival.body
        sent = arrival.headers.get("authorization") or arrival.headers.get("x-api-key", "")
        self.credentials.add(sent.removeprefix("Bearer "))
        script = arrival.path.split("/")[1]
        return {"good": self.good, "echoes": self.echoes, "strange": self.strange,
                "html": self.html, "garbage": self.garbage}[script](sent)

    def headers(self):
        return [f"x-canary: {self.canary['header']}", f"server: {self.canary['header']}",
                f"openai-organization: {self.canary['header']}",
                f"retry-after: {self.canary['retry-after']}"]

    def good(self, _):
        reply = chat_completion(self.canary["completion"], self.canary["model"])
        return http(200, reply, self.headers())

    def echoes(self, sent):
        error = {"message": f"{self.canary['error-message']}: wrong key {sent}",
                 "type": self.canary["error-code"], "code": self.canary["error-code"],
                 "param": self.canary["member"]}
        return http(401, {"error": error}, self.headers())

    def strange(self, _):
        reply = chat_completion(self.canary["completion"], self.canary["model"])
        reply[self.canary["member"]] = self.canary["completion"]
        reply["object"] = self.canary["member"]
        reply["choices"][0]["finish_reason"] = self.canary["member"]
        return http(200, reply, self.headers())

    def html(self, sent):
        page = f"<html>{self.canary['html']} {sent}</html>".encode()
        reply = http(502, page, self.headers())
        reply = reply.replace(b"Reason", self.canary["reason-phrase"].encode())
        return reply.replace(b"application/json", f"text/{self.canary['content-type']}".encode())

    def garbage(self, sent):
        return f"{self.canary['completion']} {sent}\r\n\r\n".encode()


class SecretsAndClaims(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.canary = canaries()
        self.world = CanaryProvider(self.canary)
        self.addCleanup(self.world.provider.close)
        self.inputs = self.folder / "inputs"
        self.folder = self.work = self.folder / "work"  # all that is written during the test
        self.work.mkdir()
        self.write_inputs()
        self.configuration = self.configure()

    def write_inputs(self):
        (self.inputs / "credentials").mkdir(parents=True)
        (self.inputs / "credentials/bearer-key").write_text(self.canary["bearer"] + "\n")
        (self.inputs / "api-key").write_text(self.canary["api-key"])
        shipped = (harness.SOURCE / "etc/contracts/chat_completions.toml").read_text()
        self.assertIn("Reply with the word ok.", shipped)
        (self.inputs / "chat_completions.toml").write_text(
            shipped.replace("Reply with the word ok.", self.canary["prompt"]))
        # As somebody saved them.
        for script in ("good", "strange", "echoes"):
            reply = getattr(self.world, script)(self.canary["bearer"])
            (self.inputs / f"{script}.json").write_bytes(reply.partition(b"\r\n\r\n")[2])

    def configure(self):
        made = Configuration(self.work, schedule=HOURLY)
        made.top["contracts_dir"] = str(self.inputs)
        made.sections["retry"].update(attempts_per_route=2, attempt_budget=3,
                                      attempt_timeout="20s", deadline="60s")
        keys = {"good": ("bearer", {"credential": "bearer-key"}),
                "html": ("bearer", {"credential": "bearer-key"}),
                "garbage": ("bearer", {"credential": "bearer-key"}),
                "echoes": ("x-api-key", {"credential_file": str(self.inputs / "api-key")}),
                "strange": ("x-api-key", {"credential_file": str(self.inputs / "api-key")})}
        for name, (auth, key) in keys.items():
            made.provider(name, self.world.provider.url(name), auth=auth, **key)
            made.probe(name, f"{name}-chat", "good-chat" if name != "good" else "strange-chat",
                       mode="walk")
        made.sections["stub"] = {"listen_address": f"127.0.0.1:{free_port()}"}
        made.probe("drill", "good-chat", mode="drill", expect="escalate",
                   drill={"of": "walk", "scripts": ["invalid-key"], "settle": "50ms"})
        return made

    def everything_written(self, daemon):
        """Name and bytes of all that can be seen of a whole run."""
        yield "metrics", daemon.get("/metrics").body.encode()
        open_metrics = daemon.get("/metrics", accept=OPEN_METRICS).body
        self.assertIn("# EOF", open_metrics)
        yield "open metrics", open_metrics.encode()
        for path in ("/page.css", "/-/ready", "/-/healthy", "/nothing"):
            yield path, daemon.get(path).body.encode()
        front = daemon.get("/").body
        lines = sorted(set(re.findall(r'href="(/line/[a-z0-9-]+)"', front)))
        self.assertGreater(len(lines), 4)
        for path in ("/", "/?decision=unheard-of", *lines):
            # As a person reads it.
            yield path, html.unescape(daemon.get(path).body).encode()
        for name in ("cmdline", "environ"):
            yield name, pathlib.Path(f"/proc/{daemon.pid}/{name}").read_bytes()
        for command in ("verify", "head", "count", "query"):
            for output in ("table", "json"):
                answer = harness.command("ledger", command, "--ledger", self.configuration.ledger,
                                         "-o", output)
                yield f"ledger {command}", (answer.out + answer.err).encode()
        yield from self.readers()
        yield from self.packets()
        self.assertEqual(0, daemon.stop())
        for file in self.work.rglob("*"):
            if file.is_file():
                yield str(file.relative_to(self.work)), file.read_bytes()

    def packets(self):
        """Each escalation packet in both forms, and their list."""
        def packet(*arguments):
            answer = harness.command("packet", *arguments, "--config.file", self.configuration.file)
            self.assertEqual(0, answer.code, answer)
            return answer.out
        listed = packet("list", "-o", "json")
        found = [json.loads(line)["packet"] for line in listed.splitlines()]
        self.assertNotEqual([], found)
        yield "packet list", (listed + packet("list", "-o", "table")).encode()
        closed = [line["packet_seq"] for line in ledger_files.lines(
            self.configuration.ledger, "packet") if line["event"] == "closed"]
        self.assertEqual(1, len(closed), "the packet of people_say()")
        found.append(f"{found[0].rpartition('-')[0]}-{closed[0]}")
        for one in found:
            for output in ("json", "markdown"):
                yield f"packet show {one} {output}", packet("show", one, "-o", output).encode()

    def readers(self):
        """What every other command tells of the ledger, and of saved replies."""
        ledger, config = self.configuration.ledger, self.configuration.file
        commands = [("ledger", "replay", "--ledger", ledger, "-o", output)
                    for output in ("table", "json")]
        commands += [("ledger", "query", "--kind", "decision", "--ledger", ledger, "-o", output)
                     for output in ("table", "json")]
        commands += [("ledger", "export", "--ledger", ledger, "--kind", kind, "-o", output)
                     for kind in ("outcome", "decision") for output in ("json", "csv")]
        commands += [("ledger", "export", "--ledger", ledger, "-o", "csv", "--fields", fields)
                     for fields in ("runbook-a", "runbook-b")]
        commands.append(("ledger", "export", "--ledger", ledger, "--from",
                         self.outcomes()[0]["ledger_id"]))
        for command in commands:
            yield " ".join(map(str, command)), self.told(0, *command)
        for output in ("table", "json"):
            yield f"evidence {output}", self.told(
                (0, 1), "evidence", "--config.file", config, "good", "-o", output)
            for script in ("good", "strange", "echoes"):
                yield f"contract check {script} {output}", self.told(
                    (0, 1), "contract", "check", "--family", "chat_completions", "-o", output,
                    self.inputs / f"{script}.json")

    def told(self, codes, *command):
        """What the command wrote to both of its streams."""
        answer = harness.command(*command)
        self.assertIn(answer.code, (codes,) if isinstance(codes, int) else codes, answer)
        return (answer.out + answer.err).encode()

    def outcomes(self):
        return ledger_files.lines(self.configuration.ledger, "outcome")

    def said(self, codes, *command):
        """The first word that a command printed; what it wrote is kept with all else."""
        written = self.told(codes, *command, "--config.file", self.configuration.file)
        (self.work / f"said-{len(list(self.work.glob('said-*')))}").write_bytes(written)
        return written.decode().partition("\n")[0]

    def packet_of(self, probe):
        listed = harness.command("packet", "list", "--config.file", self.configuration.file,
                                 "-o", "json")
        return next((line["packet"] for line in map(json.loads, listed.out.splitlines())
                     if line["probe"] == probe), None)

    def people_say(self):
        """All by which a person says something; with a key in it that is refused."""
        escalated = next(line["ledger_id"] for line in self.outcomes()
                         if line["probe"] == "echoes" and line["fallback_decision"] == "escalate")
        kept = next(line["ledger_id"] for line in self.outcomes() if line["probe"] == "good")
        # It is opened after the outcome is answered.
        packet = harness.wait_for("the packet of echoes", lambda: self.packet_of("echoes"))
        time.sleep(0.8)  # the minimum interval
        self.said(DECIDED, "once", "--like", escalated, "-o", "table")
        newer = self.outcomes()[-1]["ledger_id"]
        by, owner = ("--initials", "AB"), ("--owner", "platform-oncall")
        secret = self.canary["inline-key"]
        note, key = ("--note", "Asked the owner of the key."), f"It was {secret}"
        review = ("review", escalated, "--decision", "investigate", *by)
        record = ("record", "--about", "incident", "--family", "chat_completions",
                  "--status-class", "not_sent", "--decision", "paused", *by)
        opening = ("packet", "open", "--line", kept, *by)
        ack = ("packet", "ack", packet, *by)
        close = ("packet", "close", packet, *by, "--changed", "none", "--shown-by", newer,
                 "--remaining-uncertainty", "none")
        for refused in ((*review, "--note", key), (*review, "--owner", secret),
                        (*record, *owner, "--note", key),
                        (*record, *owner, "--request-id", secret),
                        (*record, *owner, "--link", f"https://x.example/{secret}"),
                        (*opening, "--note", key), (*ack, "--note", key),
                        (*close, "--result", key)):
            self.said(2, *refused)
        self.assertEqual([], [line for line in ledger_files.lines(self.configuration.ledger)
                              if line.get("operator_initials")])
        for recorded in ((*review, *note, *owner, "--planned-maintenance"),
                         (*record, *note, *owner, "--line", packet), (*opening, *note),
                         (*ack, *note), (*close, *note, "--result", "The key was exchanged."),
                         ("contract", "reviewed", "chat_completions", *by)):
            self.assertRegex(self.said(0, *recorded), r"^test-[0-9a-f]{8}-[0-9]+$")

    def run_everything(self):
        """A service with every probe and drill run, what people say of it, and a reload of a file
        that holds a key."""
        environment = {**os.environ, "CREDENTIALS_DIRECTORY": str(self.inputs / "credentials")}
        daemon = self.started_daemon(self.configuration.write(), "--log.level", "debug",
                                     env=environment)
        for output in ("json", "table"):
            answer = harness.command("once", "--config.file", self.configuration.file, "-o", output)
            (self.work / f"once.{output}").write_text(answer.out + answer.err)
            self.said((0, 1, 3), "drill", "drill", "-o", output)
        self.people_say()
        self.reload_with_an_inline_key(daemon)
        return daemon

    def reload_with_an_inline_key(self, daemon):
        text = self.configuration.file.read_text()
        inline = '"' + self.canary["inline-key"] + '"'
        self.configuration.file.write_text(text.replace('"bearer-key"', inline))
        daemon.signal(signal.SIGHUP)
        harness.wait_for("the reload is refused", lambda: "not reloaded" in daemon.complete_log())
        answer = harness.command("check-config", self.configuration.file)
        self.assertEqual(1, answer.code)
        self.configuration.file.write_text(text)
        (self.work / "check-config").write_text(answer.out + answer.err)

    def test_no_secret_prompt_or_reply_text_is_written_anywhere(self):
        daemon = self.run_everything()
        written = dict(self.everything_written(daemon))
        self.assertGreater(self.world.prompts, 4, "the canary prompt was never sent")
        self.assertEqual({self.canary["bearer"], self.canary["api-key"]}, self.world.credentials)
        leaks = {name: found for name, content in written.items()
                 if (found := disguises.find(self.canary, content))}
        self.assertEqual({}, leaks)
        self.assertIn("daemon.err", written)
        self.assertTrue(any(name.startswith("ledger/ledger-") for name in written), written.keys())
        print(f"\n{len(self.canary)} canaries, {len(written)} places, "
              f"{sum(map(len, written.values()))} bytes")

    def test_the_search_finds_a_planted_secret_in_every_form(self):
        for name, secret in self.canary.items():
            for form in disguises.forms(secret.encode()):
                planted = b'{"v":1,"note":"' + form + b'"}'
                self.assertEqual([name], disguises.find(self.canary, planted), form)
        for before in range(6):
            text = ("x" * before + self.canary["bearer"] + "tail").encode()
            planted = disguises.base64.b64encode(text)
            self.assertEqual(["bearer"], disguises.find(self.canary, planted), before)
        self.assertEqual([], disguises.find(self.canary, b"nothing of the kind"))

    def test_no_output_claims_what_was_not_observed(self):
        daemon = self.run_everything()
        written = {name: content.decode(errors="replace")
                   for name, content in self.everything_written(daemon) if name != "environ"}
        written.update(self.command_line_output())
        found = {name: text for name, content in written.items() if (text := claims.find(content))}
        self.assertEqual({}, found)

    def command_line_output(self):
        config = self.configuration.write()
        commands = [("--help",), ("version",), ("contract", "list"),
                    ("contract", "show", "chat_completions"), ("contract", "show", "responses"),
                    *((*shown, "-o", output) for output in ("table", "json")
                      for shown in (("stub", "--list"), ("check-config", config),
                                    ("plan", "--config.file", config))),
                    ("rules", "--config.file", config),
                    ("demo", "--for", "5s", "--dir", self.work / "demo")]
        helps = [(*name, "--help") for name in self.subcommands()]
        self.assertIn(("ledger", "query", "--help"), helps)
        commands += helps
        answers = {" ".join(map(str, line)): harness.command(*line) for line in commands}
        failed = {name: answer for name, answer in answers.items() if answer.code != 0}
        self.assertEqual({}, failed)
        written = {name: answer.out + answer.err for name, answer in answers.items()}
        lines = list((self.work / "demo").rglob("ledger-*"))
        self.assertNotEqual([], lines)
        return {**written, **{str(file): file.read_text() for file in lines}}

    def subcommands(self, *above):
        """Every subcommand that the help names, and theirs."""
        text = harness.command(*above, "--help").out.partition("Subcommands:")[2]
        for name in re.findall(r"^  ([a-z][a-z-]*)  +\S", text, re.MULTILINE):
            yield (*above, name)
            yield from self.subcommands(*above, name)

    def test_a_claim_behind_an_output_is_found(self):
        text = harness.command("--help").out
        self.assertIn("does not assert uptime", text)
        self.assertEqual([], claims.find(text))
        self.assertEqual(1, len(claims.find(text + "\n\n99.9 % uptime")))


if __name__ == "__main__":
    claims.take_program()
    harness.main()
