"""What taking a scan from a long queue costs."""

import json
import os
import subprocess

from .process import BenchError
from .scan_service import service

PROJECTS = 10


def run_seeds(given, arguments):
    """What `seed-scans` printed."""
    done = subprocess.run([given.seeds, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise BenchError(f"seed-scans ended with {done.returncode}: {done.stderr[-1000:]}")
    return done.stdout


def measure(given, directory):
    ours = service(given, os.path.join(directory, "service"))
    try:
        client = ours.client()
        organization, first = ours.make_organization(client, "queue")
        path = f"/organization/{organization}/project"
        projects = [first] + [client.json("POST", path, {"name": f"queue-{number}"})["id"] for number in range(1, PROJECTS)]
    finally:
        ours.stop()
    asked = [argument for project in projects for argument in ("--project", project)]
    told = run_seeds(given, [
        "queue", "--database", os.path.join(ours.data, "pratique.sqlite"), "--organization", organization, *asked,
        "--scans", str(given.queued),
    ])
    return {"queued": given.queued, **json.loads(told)}


def rows(found):
    return [(
        f"a claim of {found['queued']:,} queued scans, with its commit: median, p99, ms",
        f"{found['medianMs']:.2f}, {found['p99Ms']:.2f}",
    )]


def goals(found):
    return [(f"a claim of {found['queued']:,}, p99 ms", found["p99Ms"], 5)]
