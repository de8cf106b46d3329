"""A small ext4 in a file, mounted where nobody else sees it. Needs root; nothing is left behind: the
mount goes with the namespace, and the loop device with the mount."""

import fcntl
import os
import pathlib
import struct
import subprocess
import sys

import harness

INSIDE = "SMOKELEDGER_TEST_INSIDE"
ALONE = ["unshare", "--mount", "--propagation", "private"]
EXT4_IOC_SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2
FIEMAP = 0xC020660B
BLOCK = 4096


def require(*programs):
    """Starts the calling file again where file systems may be mounted."""
    if os.environ.get(INSIDE):
        return
    for program in ("unshare", "mkfs.ext4", "losetup", *programs):
        harness.need_program(program)
    harness.support("ledger_writer")
    if os.geteuid() != 0:
        raise harness.NotRunHere("only root can mount an image of a disk")
    if not pathlib.Path("/dev/loop-control").exists():
        raise harness.NotRunHere("there are no loop devices")
    if subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode != 0:
        raise harness.NotRunHere("a mount namespace cannot be made here")
    os.environ[INSIDE] = "1"
    os.execvp(ALONE[0], [*ALONE, sys.executable, sys.argv[0], harness.binary(), *sys.argv[1:]])


def run(*arguments):
    subprocess.run(list(map(str, arguments)), check=True, capture_output=True)


def memory(test, mebibytes):
    """A folder in memory of that size, which the test leaves with its end."""
    path = test.folder / "memory"
    path.mkdir()
    run("mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "none", path)
    test.addCleanup(run, "umount", "-l", path)
    return path


class LoopDisk:
    """ext4 of 4 KiB blocks in `image`, mounted at `path`."""

    def __init__(self, image, path, mebibytes):
        self.image, self.path = image, path
        path.mkdir(exist_ok=True)
        run("mkfs.ext4", "-q", "-F", "-b", BLOCK, "-J", "size=4", image, f"{mebibytes}m")

    def mount(self):
        run("mount", "-o", "loop", self.image, self.path)

    def become_read_only(self):
        """As ext4 does by itself when it meets an error; no writer can keep it from that."""
        run("mount", "-o", "remount,errors=remount-ro", self.path)
        error = pathlib.Path("/sys/fs/ext4") / self.device().name / "trigger_fs_error"
        error.write_text("made by a test")

    def unmount(self):
        run("umount", self.path)

    def close(self):
        if os.path.ismount(self.path):
            run("umount", "-l", self.path)

    def cut_power(self):
        """What is not on the disk now never will be; everything fails until the next mount."""
        folder = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(folder)

    def device(self):
        for line in pathlib.Path("/proc/self/mounts").read_text().splitlines():
            device, path, *_ = line.split()
            if path == str(self.path):
                return pathlib.Path(device)
        raise AssertionError(f"{self.path} is not mounted")

    def write_block_by_block(self):
        """A write that its file takes only half of counts as done in the loop driver: each block
        becomes a write of its own, which is taken or refused as a whole."""
        limit = pathlib.Path("/sys/block") / self.device().name / "queue" / "max_sectors_kb"
        limit.write_text(str(BLOCK // 1024))


def extents(path):
    """(first byte on the device, bytes) of a file's parts."""
    room = 64
    head = struct.pack("=QQLLLL", 0, 1 << 62, 0, 0, room, 0)
    with open(path, "rb") as file:
        found = bytearray(head + bytes(56 * room))
        fcntl.ioctl(file, FIEMAP, found)
    count = struct.unpack_from("=L", found, 20)[0]
    return [struct.unpack_from("=QQ", found, 32 + 56 * i + 8) for i in range(count)]
