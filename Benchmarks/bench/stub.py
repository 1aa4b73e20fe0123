"""A stub registry of the tests, as a far side to measure against."""

import base64
import contextlib
import json
import os
import subprocess

from .client import Client
from .process import BenchError

SECRET = "Bench-Secret-1"


class StubHarbor:
    """A Harbor with one project, `demo`, and one robot with the documented rights."""

    def __init__(self, binary, directory, repositories, delay_in_ms):
        os.makedirs(directory, exist_ok=True)
        secret = os.path.join(directory, "stub-secret")
        with open(secret, "w") as file:
            file.write(SECRET)
        self._log = open(os.path.join(directory, "stub.log"), "wb")
        self._child = subprocess.Popen(
            [
                binary, "harbor", "--secret-file", secret, "--repositories", str(repositories), "--tags", "1",
                "--delay", str(delay_in_ms),
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True,
        )
        try:
            told = self._told()
        except BaseException:
            self.stop()
            raise
        self.address, self.username = told["address"], told["username"]

    def _told(self):
        line = self._child.stdout.readline()
        if not line:
            raise BenchError(f"the stub ended with {self._child.wait()}")
        return json.loads(line)

    def count(self):
        """{"requests", "mostAtOnce"} since the last call."""
        self._child.stdin.write("\n")
        self._child.stdin.flush()
        return self._told()

    def client(self):
        """Who asks the stub itself, as the robot."""
        login = base64.b64encode(f"{self.username}:{SECRET}".encode()).decode()
        return Client(int(self.address.rsplit(":", 1)[1]), {"Authorization": f"Basic {login}"})

    def stop(self):
        self._child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(10)
        self._child.kill()
        self._child.wait()
        for file in (self._child.stdin, self._child.stdout, self._log):
            file.close()
