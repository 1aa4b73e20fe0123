"""Runs wrk and reads what it found."""

import json
import os
import subprocess

from .process import BenchError

SCRIPTS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "wrk")


class Load:
    """One kind of request, to be sent by wrk as fast as the server answers."""

    def __init__(self, port, script, arguments):
        self.port = port
        self.script = script
        self.arguments = arguments

    def run(self, connections, seconds):
        """Loads the server; gives requests/s and latencies in milliseconds, or why the run does not count."""
        command = [
            "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "--latency",
            "-s", os.path.join(SCRIPTS, self.script + ".lua"), f"http://127.0.0.1:{self.port}", "--",
        ] + [str(argument() if callable(argument) else argument) for argument in self.arguments]
        environment = dict(os.environ, LUA_PATH=os.path.join(SCRIPTS, "?.lua"))
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds + 600)
        lines = [line for line in done.stdout.splitlines() if line.startswith("RESULT ")]
        if done.returncode != 0 or not lines:
            raise BenchError(f"wrk failed: {done.stdout[-500:]} {done.stderr[-500:]}")
        found = json.loads(lines[0].removeprefix("RESULT "))
        result = {
            "connections": connections,
            "requests": found["requests"],
            "seconds": found["microseconds"] / 1e6,
            "perSecond": round(found["requests"] / (found["microseconds"] / 1e6), 1),
            "p50": found["p50"] / 1000,
            "p99": found["p99"] / 1000,
            "max": found["max"] / 1000,
        }
        troubles = {name: found[name] for name in ("errors", "connect", "read", "write", "timeout") if found[name]}
        if troubles or not found["requests"]:
            result["failed"] = troubles or {"requests": 0}
        return result

    def warm_and_run(self, connections, seconds):
        self.run(connections, max(1, seconds // 4))
        return self.run(connections, seconds)

    def at(self, all_connections, seconds):
        """One run for each count of connections, by that count."""
        return {str(connections): self.warm_and_run(connections, seconds) for connections in all_connections}
