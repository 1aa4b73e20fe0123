"""`Benchmarks/scans` after it has found its tools: the figures of scans through the service, and their goals."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

from . import scan_lists, scan_matching, scan_queue, scan_times
from .process import BenchError
from .scan_service import say

# Each measures into a dictionary, and holds it against its goals.
PARTS = {"times": scan_times, "lists": scan_lists, "matching": scan_matching, "queue": scan_queue}


def arguments():
    parser = argparse.ArgumentParser(prog="Benchmarks/scans", description=__doc__)
    parser.add_argument(
        "--images", default="/var/tmp/pratique-images",
        help="made by Benchmarks/images when missing (default: /var/tmp/pratique-images)",
    )
    parser.add_argument("--binaries", default=".build/release", help="folder of pratique and seed-scans (default: .build/release)")
    parser.add_argument("--runs", type=int, default=3, help="of the big image after a first one (default: 3)")
    parser.add_argument("--again", type=int, default=21, help="scans whose layers are known (default: 21)")
    parser.add_argument("--findings", type=int, default=100_000, help="in one project (default: 100000)")
    parser.add_argument("--matched", type=int, default=1_000, help="images that are matched again (default: 1000)")
    parser.add_argument("--queued", type=int, default=100_000, help="scans in the queue (default: 100000)")
    parser.add_argument(
        "--advisories", default="../shared/data/osv",
        help="folder of advisories in OSV form (default: ../shared/data/osv; without it nothing is matched)",
    )
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts to run (default: {','.join(PARTS)})")
    parser.add_argument("--directory", default="/var/tmp", help="on the disk to measure (default: /var/tmp)")
    parser.add_argument("--out", help="file for the results in JSON")
    given = parser.parse_args()
    given.parts = given.only.split(",")
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(unknown)}")
    given.pratique, given.seeds = (os.path.abspath(os.path.join(given.binaries, name)) for name in ("pratique", "seed-scans"))
    if not os.path.isdir(given.advisories):
        given.advisories = None
    return given


def main():
    given = arguments()
    if not os.path.exists(os.path.join(given.images, "runtimes.done")) and {"times", "matching"} & set(given.parts):
        subprocess.run(["Benchmarks/images", given.images], check=True)
    directory = tempfile.mkdtemp(prefix="pratique-bench-", dir=given.directory)
    found = {}
    try:
        for name in given.parts:
            say(f"scans: {name}")
            place = os.path.join(directory, name)
            os.makedirs(place)
            found[name] = PARTS[name].measure(given, place)
            shutil.rmtree(place, ignore_errors=True)
    except BenchError as error:
        sys.exit(f"Benchmarks/scans: {error}")
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    print("| scans | figure |\n|---|---:|")
    for name, figures in found.items():
        for text, figure in PARTS[name].rows(figures):
            print(f"| {text} | {figure} |")
    print("\n| goal | figure | limit | |\n|---|---:|---|---|")
    for name, figures in found.items():
        for text, figure, bound in PARTS[name].goals(figures):
            print(f"| {text} | {figure:,.2f} | at most {bound:g} | {'met' if figure <= bound else 'MISSED'} |")
    if given.out:
        with open(given.out, "w") as file:
            json.dump(found, file, indent=2)
            file.write("\n")


main()
