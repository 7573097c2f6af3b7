"""Runs the tests of a task against a program in another process. Only this side says whether they passed."""

import builtins
import json

import values
from line_pipe import Ended, LinePipe


class Failed(BaseException):
    """Ends the tests: nothing in them can take it for an answer."""


def examine(solver_ends, verdict_writes, job_reads):
    def work(_):
        job = json.loads(LinePipe(job_reads, -1).receive())
        pipe = LinePipe(*solver_ends)
        started = has_started(pipe)
        reason = failure_in(pipe, job) if started else "the process of the program did not start"
        verdict = {"passed": reason is None, "reason": reason or "passed its tests", "started": started}
        LinePipe(-1, verdict_writes).send(json.dumps(verdict))

    return work


def has_started(pipe):
    """Whether the solver is there. It says so before it gets the program."""
    try:
        pipe.receive()
    except Ended:
        return False
    return True


def failure_in(pipe, job):
    """What is wrong with the program, in one line; None when every test passed."""
    try:
        pipe.send(json.dumps({"program": job["program"], "entry": job["entry"]}))
        reply = json.loads(pipe.receive())
        if "ready" not in reply:
            return raised(reply)
        names = {"__name__": "tests"}
        candidate = asking(pipe)
        exec(compile(job["given"], "given.py", "exec"), names)
        # Tests may also call the function by its name.
        names[job["entry"]] = candidate
        exec(compile(job["test"], "test.py", "exec"), names)
        names["check"](candidate)
    except Failed as failed:
        return str(failed)
    except Ended:
        return "the program ended its process"
    except AssertionError as error:
        return ("a test failed: %s" % error) if str(error) else "a test failed"
    except BaseException as error:
        if isinstance(error, Exception) and hasattr(error, "raised_by_program"):
            return error.raised_by_program
        return "%s in a test: %s" % (type(error).__name__, error)
    return None


def asking(pipe):
    """The program's function, as the tests call it."""

    def candidate(*positional, **named):
        pipe.send(values.dump((positional, named)))
        reply = json.loads(pipe.receive())
        if "value" in reply:
            return values.unpack(reply["value"])
        if "raised" not in reply:
            raise Failed(raised(reply))
        kind = getattr(builtins, str(reply["raised"]), None)
        # A test may expect it; one of the process itself (SystemExit) is no answer to anything.
        if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, AssertionError):
            try:
                error = kind(reply.get("text", ""))
            except TypeError:
                raise Failed(raised(reply))
            error.raised_by_program = raised(reply)
            raise error
        raise Failed(raised(reply))

    return candidate


def raised(reply):
    if "forbidden" in reply:
        return "tried what is forbidden: %s" % reply["forbidden"]
    return ("%s: %s" % (reply.get("raised", "no readable answer"), reply.get("text", ""))).rstrip(": ")
