"""The npm packages of the third parties, and the network namespace in which all of them run."""

import fcntl
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys

import harness

DATA = pathlib.Path(__file__).resolve().with_name("third_parties")
OLDEST_NODE = 20
INSIDE = "SMOKELEDGER_IN_PRIVATE_NETWORK"


def need_node():
    """Node and npm are needed here alone, so that their absence is no failure of the product."""
    harness.need_program("npm")
    version = subprocess.run([harness.need_program("node"), "--version"], check=True,
                             capture_output=True, text=True).stdout.strip()
    if int(version.lstrip("v").partition(".")[0]) < OLDEST_NODE:
        raise harness.NotRunHere(f"node is {version}, and {OLDEST_NODE} or newer is needed")


def need_prometheus():
    """Debian has it, so its absence is a fault of the set-up."""
    if any(shutil.which(name) is None for name in ("prometheus", "promtool")):
        sys.exit("prometheus or promtool is missing: apt-get install prometheus")


def installed(folder):
    """node_modules with the exact packages of package.json, from an earlier run where it has not
    changed since."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = (DATA / "package.json").read_text() + (DATA / ".npmrc").read_text()
        stamp = folder / "installed"
        if not stamp.exists() or stamp.read_text() != wanted:
            stamp.unlink(missing_ok=True)
            install(folder)
            stamp.write_text(wanted)
    return folder / "node_modules"


def install(folder):
    shutil.rmtree(folder / "node_modules", ignore_errors=True)
    for name in ("package.json", ".npmrc"):
        shutil.copy(DATA / name, folder / name)
    done = subprocess.run(["npm", "install", "--no-progress"], cwd=folder, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"npm install failed with {done.returncode}\n{done.stdout}{done.stderr}")


def enter_private_network(*arguments):
    """Starts this program again where the loopback is its own and nothing else can be reached: the
    gateway listens on all interfaces. All processes of that place end with the first one."""
    if INSIDE in os.environ:
        return raise_loopback()
    harness.need_program("unshare")
    alone = ["unshare", "--net", "--pid", "--fork", "--kill-child"]
    as_user = [*alone, "--user", "--map-root-user"]
    way = next((way for way in (as_user, alone)
                if subprocess.run([*way, "true"], capture_output=True, check=False)
                .returncode == 0), None)
    if way is None:
        sys.exit("a private network namespace cannot be made here (`unshare --user --net`)")
    os.environ[INSIDE] = "yes"
    os.execvp(way[0], [*way, sys.executable, *map(str, arguments)])


def raise_loopback():
    get_flags, set_flags, up = 0x8913, 0x8914, 0x1  # SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        request = struct.pack("16sh22x", b"lo", 0)
        flags = struct.unpack_from("16xh", fcntl.ioctl(door, get_flags, request))[0]
        fcntl.ioctl(door, set_flags, struct.pack("16sh22x", b"lo", flags | up))
