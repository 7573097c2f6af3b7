"""What the system can do to keep a process to itself. Every step says whether it took; none is needed for the next one.

On Linux: a user that owns nothing (when started by root), then namespaces of its own for users, processes, network and mounts,
with every file system read-only but an empty one in memory.
"""

import ctypes
import os
import sys

NEWNS, NEWUSER, NEWPID, NEWNET, NEWIPC = 0x00020000, 0x10000000, 0x20000000, 0x40000000, 0x08000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 4, 36, 38
MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE, ATTR_RDONLY = 442, -100, 0x8000, 1
CAPABILITY_VERSION = 0x20080522
NOBODY = 65534
SMALLEST_PID_MAX = 301


def is_linux():
    return sys.platform.startswith("linux")


def libc():
    return ctypes.CDLL(None, use_errno=True)


def become_nobody(folder):
    """Gives up root for a user that owns only `folder`. Not where that user could not read the standard library."""
    if not is_linux() or os.geteuid() != 0:
        return False
    try:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.seteuid(NOBODY)
        can_read = os.access(os.__file__, os.R_OK, effective_ids=True)
        os.seteuid(0)
        if not can_read:
            os.setresgid(0, 0, 0)
            return False
        os.chown(folder, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    except (OSError, NotImplementedError):
        return False
    # A change of user makes a process undumpable, and then its own /proc entries are not its own.
    libc().prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)
    return True


def enter_namespaces():
    """Namespaces for users, network, mounts, messages, and for the processes forked from here on."""
    if not is_linux():
        return False
    user, group = os.geteuid(), os.getegid()
    if libc().unshare(NEWUSER | NEWPID | NEWNET | NEWNS | NEWIPC) != 0:
        return False
    try:
        for name, text in (("setgroups", "deny"), ("uid_map", "%d %d 1" % (user, user)), ("gid_map", "%d %d 1" % (group, group))):
            with open("/proc/self/" + name, "w") as file:
                file.write(text)
    except OSError:
        return False
    return True


class MountAttributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ("set", "clear", "propagation", "user_ns")]


def freeze_files(folder, most_bytes):
    """Inside a mount namespace: everything read-only but `folder`, which becomes an empty file system in memory."""
    system = libc()
    if system.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None) != 0:
        return False
    attributes = MountAttributes(set=ATTR_RDONLY)
    size = ctypes.sizeof(attributes)
    if system.syscall(MOUNT_SETATTR, AT_FDCWD, b"/", AT_RECURSIVE, ctypes.byref(attributes), size) != 0:
        return False
    options = b"size=%d,mode=700" % most_bytes
    if system.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", MS_NOSUID | MS_NODEV, options) != 0:
        return False
    # Of its own processes only; where the system refuses it, the old view stays, read-only.
    if system.mount(b"proc", b"/proc", b"proc", MS_NOSUID | MS_NODEV, None) == 0:
        limit_processes()
    return True


def limit_processes():
    """The limit of a user does not hold for root; that of a process namespace does, from Linux 6.14 on."""
    try:
        with open("/proc/sys/kernel/pid_max", "w") as file:
            file.write(str(SMALLEST_PID_MAX))
    except OSError:
        pass


def drop_capabilities():
    if not is_linux():
        return
    system = libc()
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    system.capset(ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))
    system.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def die_with_parent(signal):
    if is_linux():
        libc().prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)


def adopt_orphans():
    """Makes this process the parent of every descendant whose own parent has ended, so that none is lost from sight."""
    if is_linux():
        libc().prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
