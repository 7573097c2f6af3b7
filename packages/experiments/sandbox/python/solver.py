"""Runs the judged program and calls its function when asked. Knows neither the tests nor what they expect."""

import json
import os
import sys

import guard
import values
from line_pipe import Ended, LinePipe


def solve(pipe_ends, guarded):
    def work(_):
        pipe = LinePipe(*pipe_ends)
        pipe.send('"here"')
        said = []

        def tell(what):
            if not said:
                said.append(what)
                pipe.send(json.dumps({"forbidden": what}))

        job = json.loads(pipe.receive())
        if hasattr(sys, "set_int_max_str_digits"):
            sys.set_int_max_str_digits(0)
        if guarded:
            guard.forbid(os.getcwd(), tell)
        answer(pipe, job)

    return work


def answer(pipe, job):
    # As an imported module would be, so that a block under `if __name__ == "__main__"` stays out.
    names = {"__name__": "program", "__builtins__": __builtins__}
    try:
        exec(compile(job["program"], "program.py", "exec"), names)
        function = names[job["entry"]]
    except BaseException as error:
        return pipe.send(failure(error))
    pipe.send(json.dumps({"ready": True}))
    while True:
        try:
            asked = pipe.receive()
        except Ended:
            return
        try:
            positional, named = values.load(asked)
            reply = json.dumps({"value": values.pack(function(*positional, **named))})
        except BaseException as error:
            reply = failure(error)
        pipe.send(reply)


def failure(error):
    kind = type(error).__name__
    try:
        text = str(error)
    except BaseException:
        text = ""
    return json.dumps({"raised": kind[:80], "text": text[:200]})
