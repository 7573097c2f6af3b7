"""One line after the other over two file descriptors, without a buffer that could hold more than the line asked for."""

import os

MOST_BYTES = 8 << 20


class Ended(Exception):
    """The other side is gone, or writes without end."""


class LinePipe:
    def __init__(self, reads, writes):
        self.reads = reads
        self.writes = writes
        self.rest = b""

    def send(self, line):
        left = line.encode("utf-8") + b"\n"
        try:
            while left:
                left = left[os.write(self.writes, left):]
        except OSError:
            raise Ended()

    def receive(self):
        while b"\n" not in self.rest:
            part = os.read(self.reads, 65536)
            if not part or len(self.rest) > MOST_BYTES:
                raise Ended()
            self.rest += part
        line, self.rest = self.rest.split(b"\n", 1)
        return line.decode("utf-8")
