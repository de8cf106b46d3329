"""What an output claims, in the opinion of the product's own guard (probes/core/claims_guard.h)."""

import os
import pathlib
import subprocess
import sys

import harness


def take_program():
    """REQUIRES: find_claims, built with the tests, stands behind the binary in argv."""
    os.environ["FIND_CLAIMS"] = str(pathlib.Path(sys.argv.pop(2)).resolve())


def find(text):
    """A line for each claim, with what stands around it."""
    answer = subprocess.run([os.environ["FIND_CLAIMS"]], input=text.encode(), check=True,
                            capture_output=True, timeout=harness.PATIENCE)
    return answer.stdout.decode(errors="replace").splitlines()
