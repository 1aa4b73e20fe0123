"""Runs wrk and reads what it found."""

import json
import os
import signal
import subprocess
import time

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
        done = subprocess.run(
            self._command(connections, seconds), env=self._environment(), capture_output=True, text=True, timeout=seconds + 60
        )
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

    def _command(self, connections, seconds):
        return [
            "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "--latency",
            "-s", os.path.join(SCRIPTS, self.script + ".lua"), f"http://127.0.0.1:{self.port}", "--",
        ] + [str(argument() if callable(argument) else argument) for argument in self.arguments]

    @staticmethod
    def _environment():
        return dict(os.environ, LUA_PATH=os.path.join(SCRIPTS, "?.lua"))

    def run_until(self, connections, limit, count):
        """Loads the server until `count()` has grown to `limit`; fails when it no longer grows.

        A script can stop its requests at a number, but wrk itself ends by time or signal only.
        """
        generator = subprocess.Popen(
            self._command(connections, 24 * 3600), env=self._environment(), stdout=subprocess.DEVNULL
        )
        try:
            last, seen = -1, time.monotonic()
            while (now := count()) < limit:
                if now > last:
                    last, seen = now, time.monotonic()
                elif time.monotonic() - seen > 20:
                    raise BenchError(f"the load stopped at {now} of {limit}")
                time.sleep(0.2)
        finally:
            generator.send_signal(signal.SIGINT)
            generator.wait(60)

    def warm_and_run(self, connections, seconds):
        self.run(connections, max(1, seconds // 4))
        return self.run(connections, seconds)

    def at(self, all_connections, seconds):
        """One run for each count of connections, by that count."""
        return {str(connections): self.warm_and_run(connections, seconds) for connections in all_connections}
