"""The unit is valid, hardened, and comes with a user and folders that systemd can make."""

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
        text = (SYSTEMD / "smokeledger.service").read_text()
        self.assertIn("/usr/bin/smokeledger ", text)
        self.unit = self.folder / "smokeledger.service"
        self.unit.write_text(text.replace("/usr/bin/smokeledger ", harness.binary() + " "))

    def test_verification_prints_nothing(self):
        done = run("systemd-analyze", "verify", "--man=no", self.unit)
        self.assertEqual((0, "", ""), (done.returncode, done.stdout, done.stderr))

    def test_a_defect_in_the_unit_would_be_printed(self):
        self.unit.write_text(self.unit.read_text() + "\n[Service]\nNoSuchSetting=yes\n")
        done = run("systemd-analyze", "verify", "--man=no", self.unit)
        self.assertIn("NoSuchSetting", done.stderr)

    def test_its_exposure_is_low(self):
        done = run("systemd-analyze", "security", "--offline=true", "--no-pager",
                   f"--threshold={EXPOSURE_AT_MOST}", self.unit)
        print("\n" + "".join(done.stdout.splitlines(keepends=True)[-2:]))
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def test_the_user_can_be_made(self):
        (self.folder / "etc").mkdir()
        done = run("systemd-sysusers", "--root", self.folder, SYSTEMD / "smokeledger.sysusers")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("smokeledger:", (self.folder / "etc/passwd").read_text())
        self.assertIn("smokeledger:", (self.folder / "etc/group").read_text())

    def test_the_folder_of_credentials_is_roots_alone(self):
        rules = self.folder / "smokeledger.conf"
        text = (SYSTEMD / "smokeledger.tmpfiles").read_text()
        self.assertIn(" 0700 root root ", text)
        # Only root can give a folder to root.
        rules.write_text(text if os.geteuid() == 0 else text.replace(" root root ", " - - "))
        done = run("systemd-tmpfiles", "--create", "--root", self.folder, rules)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        made = self.folder / "etc/smokeledger/credentials"
        self.assertEqual(0o700, made.stat().st_mode & 0o777)


if __name__ == "__main__":
    harness.main()
