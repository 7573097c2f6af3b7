"""Judges one program: `python3 -I -S -B warden.py LIMITS FOLDER`, the job as one JSON line on stdin, the verdict as one on stdout.

Two cells, neither of which can touch the other: the examiner has the tests, the solver has the program. This process has neither;
it keeps the time, and ends everything that was started.
"""

import json
import os
import select
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import isolation
from cell import Cell
from examiner import examine
from line_pipe import Ended, LinePipe
from solver import solve


class Stopped(BaseException):
    pass


def main():
    limits = json.loads(sys.argv[1])
    folder = sys.argv[2]
    isolation.adopt_orphans()
    isolation.die_with_parent(signal.SIGTERM)

    def stop(*_):
        raise Stopped()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    cells = []
    verdict = None
    try:
        if limits["probe"]:
            verdict = probe(folder, limits, cells)
        else:
            verdict = judge(folder, limits, cells)
    except Stopped:
        pass
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        end_all(cells)
    # A judge that is stopped says nothing of the program.
    if verdict is not None:
        sys.stdout.write(json.dumps(verdict) + "\n")
        sys.stdout.flush()


def room(folder, name):
    path = os.path.join(folder, name)
    os.mkdir(path, 0o700)
    return path


def judge(folder, limits, cells):
    to_solver, to_examiner, to_warden, job = os.pipe(), os.pipe(), os.pipe(), os.pipe()
    # The solver starts before the job is read: no copy of the tests is in its memory.
    solver_ends = (to_solver[0], to_examiner[1])
    solver = Cell(room(folder, "program"), limits, solve(solver_ends, limits["guard"]), solver_ends)
    cells.append(solver)
    examiner_ends = (to_examiner[0], to_solver[1])
    work = examine(examiner_ends, to_warden[1], job[0])
    cells.append(Cell(room(folder, "tests"), limits, work, (*examiner_ends, to_warden[1], job[0])))
    for descriptor in (*to_solver, *to_examiner, to_warden[1], job[0]):
        os.close(descriptor)
    LinePipe(-1, job[1]).send(sys.stdin.readline().rstrip("\n"))
    deadline = time.monotonic() + limits["wallMs"] / 1000
    answers = LinePipe(to_warden[0], -1)
    ready, _, _ = select.select([to_warden[0]], [], [], max(0.0, deadline - time.monotonic()))
    if not ready:
        return {"passed": False, "reason": "ran longer than %d ms" % limits["wallMs"]}
    try:
        verdict = json.loads(answers.receive())
    except Ended:
        return {"passed": False, "reason": "its tests did not end"}
    if verdict["started"] and verdict["reason"] == "the program ended its process":
        verdict["reason"] = why_ended(solver, limits)
    return verdict


def why_ended(solver, limits):
    deadline = time.monotonic() + 1
    number = solver.ended_by()
    while number is None and time.monotonic() < deadline:
        time.sleep(0.01)
        number = solver.ended_by()
    if number == signal.SIGXCPU:
        return "used more than %d s of CPU" % limits["cpuSeconds"]
    if number:
        return "the program ended its process with signal %d" % number
    return "the program ended its process"


def probe(folder, limits, cells):
    """Says what isolation the system gives to a cell."""
    reads, writes = os.pipe()
    cells.append(Cell(room(folder, "probe"), limits, lambda got: LinePipe(-1, writes).send(json.dumps(got)), (writes,)))
    os.close(writes)
    try:
        return json.loads(LinePipe(reads, -1).receive())
    except Ended:
        return {"user": False, "namespaces": False, "files": False}


def end_all(cells):
    """Kills the cells, then whatever descends from this process, until nothing does."""
    deadline = time.monotonic() + 5
    for cell in cells:
        cell.kill()
    while time.monotonic() < deadline:
        for pid in descendants():
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0] != 0:
                pass
        except ChildProcessError:
            return
        time.sleep(0.002)


def descendants():
    """Where the system has /proc: every process below this one. Orphans are among its children."""
    children = {}
    try:
        names = os.listdir("/proc")
    except OSError:
        return []
    for name in names:
        if not name.isdigit():
            continue
        try:
            with open("/proc/%s/stat" % name) as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError, ValueError):
            continue
        children.setdefault(parent, []).append(int(name))
    found, above = [], [os.getpid()]
    while above:
        below = children.get(above.pop(), [])
        found += below
        above += below
    return found


main()
