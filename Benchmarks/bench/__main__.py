"""`Benchmarks/run` after it has found its tools."""

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from . import registries, report, scale
from .ceilings import Route, raw_inserts
from .openbao import OpenBao
from .pratique import Pratique
from .process import BenchError

PARTS = ("pratique", "openbao", "route", "inserts", "scale", "registries")


def arguments():
    parser = argparse.ArgumentParser(
        prog="Benchmarks/run",
        description="Benches this service beside OpenBao, a bare route and raw SQLite, and prints a table.",
        epilog="--no-build takes the binaries in .build/release as they are.",
    )
    parser.add_argument("--out", help="file for the results in JSON")
    parser.add_argument("--seconds", type=int, default=8, help="of each timed run (default: 8)")
    parser.add_argument("--connections", default="1,16,64", help="for wrk (default: 1,16,64)")
    parser.add_argument("--scale", type=int, default=1_000_000, help="credentials, 1,000 an organization (default: 1000000)")
    parser.add_argument("--repositories", type=int, default=10_000, help="of the Harbor project (default: 10000)")
    parser.add_argument("--credentials", type=int, default=1_000, help="to be proven (default: 1000)")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts to run (default: {','.join(PARTS)})")
    parser.add_argument("--directory", default="/var/tmp", help="on the disk to measure (default: /var/tmp)")
    given = parser.parse_args()
    given.parts = given.only.split(",")
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(unknown)}")
    return given


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def syncs_per_write(server, load, directory):
    """Sync calls for each acknowledged write at 64 connections, in a run of its own that strace slows."""
    with server.process.counting_syncs(directory) as count:
        run = load.run(64, 3)
    return None if "failed" in run else round(count() / run["requests"], 4)


def bench(server, connections, seconds):
    """Every load of one server; ends the server."""
    try:
        loads = server.loads()
        found = {}
        for operation, load in loads.items():
            say(f"{server.name}: {operation}")
            before = server.commits() if operation == "store" and isinstance(server, Pratique) else None
            found[operation] = load.at(connections, seconds)
            if before:
                commits, writes = (now - then for now, then in zip(server.commits(), before))
                found["commitsPerWriteAllRuns"] = round(commits / writes, 4)
        found["residentPeakMB"] = server.process.memory_in_mb()[1]
        if server.name != "route":
            say(f"{server.name}: syncs")
            found["syncsPerWrite"] = syncs_per_write(server, loads["store"], server.directory)
        return found
    finally:
        server.stop()


def machine(directory):
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    file_system = subprocess.run(
        ["stat", "--file-system", "--format=%T", directory], capture_output=True, text=True, check=True
    ).stdout.strip()
    return {
        "processor": model, "cores": os.cpu_count(), "kernel": platform.release(), "fileSystem": file_system,
        "load": os.getloadavg()[0], "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def run(given, directory):
    binary, ceilings = (os.path.abspath(f".build/release/{name}") for name in ("pratique", "ceilings"))
    connections = [int(number) for number in given.connections.split(",")]
    results = {"machine": machine(directory), "seconds": given.seconds, "peers": {}}
    if results["machine"]["fileSystem"] == "tmpfs":
        say(f"{directory} is memory: its writes are not durable; give --directory on a disk")
    makers = {
        "pratique": lambda path: Pratique(binary, path),
        "openbao": OpenBao,
        "route": lambda path: Route(ceilings, path),
    }
    for name in (name for name in makers if name in given.parts):
        results["peers"][name] = bench(makers[name](os.path.join(directory, name)), connections, given.seconds)
    if "inserts" in given.parts:
        say("raw inserts")
        results["inserts"] = raw_inserts(ceilings, os.path.join(directory, "inserts"), given.seconds)
    if "scale" in given.parts and given.scale:
        results["scale"] = scale.measure(binary, directory, given.scale, given.seconds, say)
    if "registries" in given.parts:
        stubs = os.path.abspath(".build/release/stub-registries")
        results["registries"] = registries.measure(binary, stubs, directory, given.repositories, given.credentials, say)
    results["goals"] = report.goals(results)
    return results


def main():
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    directory = tempfile.mkdtemp(prefix="pratique-bench-", dir=given.directory)
    try:
        results = run(given, directory)
    except BenchError as error:
        sys.exit(f"Benchmarks/run: {error}")
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    found = results["machine"]
    print(f"{found['processor']}, {found['cores']} cores, {found['fileSystem']}, load {found['load']:.1f} at the start\n")
    print(report.table(results))
    print("\n" + report.goals_table(results["goals"]))
    if given.out:
        with open(given.out, "w") as file:
            json.dump(results, file, indent=2)
            file.write("\n")


main()
