"""SIGHUP: a valid file is taken over and recorded, any other changes nothing and is told."""

import signal

import harness
import ledger_files
from configuration import HOURLY, Configuration

SUCCESSFUL = "smokeledger_config_last_reload_successful"


class ServiceReload(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.configuration = Configuration(self.folder, schedule=HOURLY)
        self.configuration.simple_probe("kept", "http://127.0.0.1:9")
        self.configuration.simple_probe("changed", "http://127.0.0.1:9")
        self.configuration.simple_probe("removed", "http://127.0.0.1:9")
        self.file = self.configuration.write()
        self.process = self.started_daemon(self.file)

    def due(self, probe):
        name = f'smokeledger_next_due_timestamp_seconds{{probe="{probe}"}}'
        return self.process.metrics().get(name)

    def config_lines(self):
        return ledger_files.lines(self.configuration.ledger, "config")

    def reload(self, message):
        self.process.signal(signal.SIGHUP)
        harness.wait_for(f"the log says: {message}", lambda: message in self.process.complete_log())

    def assert_nothing_changed(self, before):
        self.assertEqual(0, self.process.gauge(SUCCESSFUL))
        self.assertEqual(before, {probe: self.due(probe) for probe in before})
        self.assertEqual(1, len(self.config_lines()))
        self.assertTrue(self.process.running())

    def test_a_valid_change_is_recorded_by_its_key_paths_and_leaves_other_probes_alone(self):
        kept = self.due("kept")
        self.configuration.probes["changed"]["schedule"] = {"interval": "30d", "backoff_cap": "30d"}
        del self.configuration.probes["removed"]
        self.configuration.simple_probe("added", "http://127.0.0.1:9")
        self.configuration.write()
        self.reload("configuration reloaded")
        harness.wait_for("the added probe has a due time", lambda: self.due("added"))
        self.assertEqual(kept, self.due("kept"))
        self.assertIsNone(self.due("removed"))
        self.assertEqual(1, self.process.gauge(SUCCESSFUL))
        line = self.config_lines()[-1]
        self.assertIn("probes.changed.schedule.interval", line["changed"])
        self.assertIn("providers.added.base_url", line["changed"])
        self.assertFalse([path for path in line["changed"] if "kept" in path], line["changed"])
        self.assert_config_info(line["config_sha256"])

    def assert_config_info(self, sha256):
        metrics = self.process.metrics()
        shown = [name for name in metrics if name.startswith("smokeledger_config_info")]
        self.assertEqual([f'smokeledger_config_info{{sha256="{sha256[:16]}"}}'], shown)

    def test_an_invalid_file_changes_nothing_and_is_told_with_its_line(self):
        before = {probe: self.due(probe) for probe in ("kept", "changed", "removed")}
        lines = self.file.read_text().splitlines()
        number = next(i for i, line in enumerate(lines, 1) if line.startswith("interval"))
        lines[number - 1] = 'interval = "1m"'
        lines[number] = 'minimum_interval = "2m"'
        self.file.write_text("\n".join(lines))
        self.reload("not reloaded")
        self.assertIn(f"{self.file}:{number}:", self.process.err())
        harness.wait_for("the gauge is 0", lambda: self.process.gauge(SUCCESSFUL) == 0)
        self.assert_nothing_changed(before)

    def test_a_file_that_is_gone_changes_nothing(self):
        before = {"kept": self.due("kept")}
        self.file.unlink()
        self.reload("not reloaded")
        harness.wait_for("the gauge is 0", lambda: self.process.gauge(SUCCESSFUL) == 0)
        self.assert_nothing_changed(before)

    def test_a_key_that_needs_a_restart_changes_nothing_and_is_named(self):
        before = {"kept": self.due("kept")}
        self.configuration.sections["web"]["metrics_listen_address"] = "127.0.0.1:0"
        self.configuration.write()
        self.reload("web.metrics_listen_address can only be changed by a restart")
        harness.wait_for("the gauge is 0", lambda: self.process.gauge(SUCCESSFUL) == 0)
        self.assert_nothing_changed(before)

    def test_after_a_refused_file_a_good_one_is_taken_over(self):
        self.file.write_text("schema = 1\nunknown = true\n")
        self.reload("not reloaded")
        self.configuration.probes["changed"]["owner"] = "another-team"
        self.configuration.write()
        self.reload("configuration reloaded")
        harness.wait_for("the gauge is 1", lambda: self.process.gauge(SUCCESSFUL) == 1)
        self.assertIn("probes.changed.owner", self.config_lines()[-1]["changed"])


if __name__ == "__main__":
    harness.main()
