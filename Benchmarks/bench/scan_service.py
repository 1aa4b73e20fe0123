"""This service as one who scans sees it."""

import os
import shutil
import sys
import time

from .pratique import Pratique
from .process import BenchError

ENDS = ("completed", "completed_degraded", "failed")
FLAGS = ("--private-hosts", "127.0.0.1", "--plain-http-hosts", "127.0.0.1")


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) * part // 100, len(ordered) - 1)]


def service(given, directory, advisories=None):
    """A service of its own that may ask registries on this machine, and knows a copy of `advisories`."""
    ours = Pratique(given.pratique, directory, FLAGS)
    if advisories:
        shutil.copy(advisories, os.path.join(ours.data, "advisories.sqlite"))
    return ours


def start(client, project, image):
    """The scan's path."""
    answer = client.json("POST", f"/project/{project}/scan/container/start", {"imageToScan": image})
    return f"/project/{project}/scan/{answer['scanId']}"


def wait(client, path, limit_in_s=600, pause_in_s=0.002):
    """The scan when it has ended."""
    deadline = time.monotonic() + limit_in_s
    while time.monotonic() < deadline:
        scan = client.json("GET", path)
        if scan["state"] in ENDS:
            if scan["state"] == "failed":
                raise BenchError(f"a scan failed: {scan.get('error')}")
            return scan
        time.sleep(pause_in_s)
    raise BenchError(f"a scan did not end within {limit_in_s} s")


def timed(client, project, image):
    """Seconds from the request to the result."""
    began = time.monotonic()
    wait(client, start(client, project, image))
    return time.monotonic() - began
