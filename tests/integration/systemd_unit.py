"""The units are valid, hardened, and come with a user and folders that systemd can make."""

import os
import subprocess

import harness

SYSTEMD = harness.SOURCE / "systemd"
EXPOSURE_AT_MOST = 15  # of 100


def require():
    for program in ("systemd-analyze", "systemd-sysusers", "systemd-tmpfiles"):
        harness.need_program(program)


def run(*arguments):
    return subprocess.run(list(map(str, arguments)), capture_output=True, text=True, check=False)


class SystemdUnit(harness.TestCase):
    def setUp(self):
        super().setUp()
        self.services = [self.installed("smokeledger.service"),
                         self.installed("smokeledger-outbox.service")]
        self.path = self.folder / "smokeledger-outbox.path"
        self.path.write_text((SYSTEMD / self.path.name).read_text())

    def installed(self, name):
        text = (SYSTEMD / name).read_text()
        self.assertIn("/usr/bin/smokeledger ", text)
        unit = self.folder / name
        unit.write_text(text.replace("/usr/bin/smokeledger ", harness.binary() + " "))
        return unit

    def test_verification_prints_nothing(self):
        done = run("systemd-analyze", "verify", "--man=no", *self.services, self.path)
        self.assertEqual((0, "", ""), (done.returncode, done.stdout, done.stderr))

    def test_a_defect_in_a_unit_would_be_printed(self):
        for unit in [*self.services, self.path]:
            section = "Path" if unit == self.path else "Service"
            with self.subTest(unit=unit.name):
                unit.write_text(unit.read_text() + f"\n[{section}]\nNoSuchSetting=yes\n")
                done = run("systemd-analyze", "verify", "--man=no", unit)
                self.assertIn("NoSuchSetting", done.stderr)

    def test_their_exposure_is_low(self):
        for unit in self.services:
            with self.subTest(unit=unit.name):
                done = run("systemd-analyze", "security", "--offline=true", "--no-pager",
                           f"--threshold={EXPOSURE_AT_MOST}", unit)
                print("\n" + "".join(done.stdout.splitlines(keepends=True)[-2:]))
                self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def test_the_command_of_the_outbox_gets_no_credentials(self):
        text = (SYSTEMD / "smokeledger-outbox.service").read_text()
        for setting in ("LoadCredential", "SetCredential", "Environment", "EnvironmentFile"):
            self.assertNotIn(f"\n{setting}", text)
        self.assertIn("\nTemporaryFileSystem=/var/lib/smokeledger:ro\n"
                      "BindPaths=/var/lib/smokeledger/outbox\n", text)

    def test_the_user_can_be_made(self):
        (self.folder / "etc").mkdir()
        done = run("systemd-sysusers", "--root", self.folder, SYSTEMD / "smokeledger.sysusers")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("smokeledger:", (self.folder / "etc/passwd").read_text())
        self.assertIn("smokeledger:", (self.folder / "etc/group").read_text())

    def test_the_folders_are_made_and_that_of_credentials_is_roots_alone(self):
        rules = self.folder / "smokeledger.conf"
        text = (SYSTEMD / "smokeledger.tmpfiles").read_text()
        self.assertIn(" 0700 root root ", text)
        (self.folder / "etc").mkdir()
        made = run("systemd-sysusers", "--root", self.folder, SYSTEMD / "smokeledger.sysusers")
        self.assertEqual(0, made.returncode, made.stderr)
        # Only root can give a folder to somebody.
        if os.geteuid() != 0:
            text = text.replace(" root root ", " - - ").replace(" smokeledger smokeledger ", " - - ")
        rules.write_text(text)
        done = run("systemd-tmpfiles", "--create", "--root", self.folder, rules)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        for name, mode in (("etc/smokeledger/credentials", 0o700),
                           ("var/lib/smokeledger/outbox", 0o750)):
            self.assertEqual(mode, (self.folder / name).stat().st_mode & 0o777, name)


if __name__ == "__main__":
    harness.main()
