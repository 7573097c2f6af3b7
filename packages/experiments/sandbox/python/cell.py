"""A process of its own for one piece of code: limited, cut off, and ended with everything that it started."""

import os
import resource
import signal
import sys

import isolation


class Cell:
    """`work(pipes...)` runs in the cell. `pid` is of a keeper that lives exactly as long as the process inside."""

    def __init__(self, folder, limits, work, keeps):
        self.folder = folder
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                code = keep(folder, limits, work, keeps)
            finally:
                os._exit(code)

    def kill(self):
        # The keeper leads the session; the process inside dies with it.
        for target in (self.pid, -self.pid):
            try:
                os.kill(target, signal.SIGKILL)
            except OSError:
                pass

    def ended_by(self):
        """Number of the signal that ended the process inside, 0 for none; None while it runs."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid == 0:
            return None
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
        return max(0, code - 128)


def keep(folder, limits, work, keeps):
    """The keeper: enters the namespaces, starts the process inside and ends with it."""
    for name in ("SIGTERM", "SIGINT"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    os.setsid()
    isolation.die_with_parent(signal.SIGKILL)
    is_nobody = isolation.become_nobody(folder)
    # A change of user forgets it.
    isolation.die_with_parent(signal.SIGKILL)
    is_apart = limits["isolate"] and isolation.enter_namespaces()
    inside = os.fork()
    if inside == 0:
        try:
            isolation.die_with_parent(signal.SIGKILL)
            os.setsid()
            close_all_but(keeps)
            is_frozen = is_apart and isolation.freeze_files(folder, limits["fileMb"] << 20)
            os.chdir(folder)
            isolation.drop_capabilities()
            limit(limits, counts_processes=is_nobody or is_apart)
            sys.path.remove(os.path.dirname(os.path.abspath(__file__)))
            os.environ.clear()
            os.environ.update(HOME=folder, TMPDIR=folder, PATH="/nonexistent", LANG="C.UTF-8")
            work({"user": is_nobody, "namespaces": is_apart, "files": is_frozen})
            os._exit(0)
        except BaseException:
            os._exit(1)
    close_all_but(())
    _, status = os.waitpid(inside, 0)
    return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)


def close_all_but(keeps):
    """Nothing comes in, what is printed goes nowhere, and no other file stays open."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    most = max((3, nowhere, *keeps)) + 64
    for descriptor in range(3, most):
        if descriptor not in keeps:
            try:
                os.close(descriptor)
            except OSError:
                pass


def limit(limits, counts_processes):
    def most(kind, value, then=0):
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value if hard != resource.RLIM_INFINITY else value + then))

    most(resource.RLIMIT_CORE, 0)
    most(resource.RLIMIT_FSIZE, limits["fileMb"] << 20)
    most(resource.RLIMIT_NOFILE, 64)
    if sys.platform != "darwin":
        most(resource.RLIMIT_AS, limits["memoryMb"] << 20)
    # Counted by user: where the user is the one who runs the lab, all else that is running would count too.
    if counts_processes:
        most(resource.RLIMIT_NPROC, limits["processes"])
    # The softer end comes with a signal that says what it was.
    most(resource.RLIMIT_CPU, limits["cpuSeconds"], then=1)
