"""The ceilings: a bare route, and raw inserts."""

import os
import subprocess

from .load import Load
from .process import Process, free_port


class Route:
    """A bare Hummingbird route that decodes and answers the same JSON."""

    name = "route"

    def __init__(self, binary, directory):
        os.makedirs(directory)
        self.directory = directory
        port = free_port()
        self.process = Process([binary, "route", "--port", str(port)], port, os.path.join(directory, "log"))

    def stop(self):
        self.process.stop()

    def loads(self):
        targets = os.path.join(self.directory, "targets")
        with open(targets, "w") as file:
            file.write("/credentials 097bbbf4-d1eb-4512-9950-684445279808\n")
        paths = os.path.join(self.directory, "gets")
        with open(paths, "w") as file:
            file.write("/credentials/a1b2c3d4-e5f6-4890-abcd-ef1234567890\n")
        header = "x-api-key: none"
        return {
            "store": Load(self.process.port, "store", [targets, header, 0]),
            "get": Load(self.process.port, "get", [paths, header]),
        }


def raw_inserts(binary, directory, seconds):
    """Rows and transactions a second of SQLite alone, by rows in a transaction."""
    os.makedirs(directory)
    done = subprocess.run(
        [binary, "inserts", "--path", os.path.join(directory, "raw.sqlite"), "--seconds", str(seconds)],
        check=True, capture_output=True, text=True,
    )
    rows = [[int(word) for word in line.split()] for line in done.stdout.splitlines()]
    return {str(size): {"rowsPerSecond": rate, "transactionsPerSecond": commits} for size, rate, commits in rows}
