"""One command, measured as a whole process."""

import os
import subprocess
import tempfile
import time

from .process import BenchError


def run(command, environment=None):
    """(seconds, processor seconds, peak MB) of one command, its children included in the time only."""
    with tempfile.TemporaryFile() as errors:
        started = time.monotonic()
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, env={**os.environ, **(environment or {})}
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            errors.seek(0)
            raise BenchError(f"{command[0]} ended with {child.returncode}: {errors.read()[-1000:].decode(errors='replace')}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6
