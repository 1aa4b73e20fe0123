"""What the service adds to `pratique inspect`, what it takes of memory, and how soon it answers what it has seen before."""

import os
import statistics

from .inspection_run import run
from .local_registry import Registry
from .scan_service import percentile, say, service, start, timed, wait

TAG = "runtimes"


def _import(given, directory):
    if not given.advisories:
        return None
    path = os.path.join(directory, "advisories.sqlite")
    run([given.pratique, "advisory", "import", "--advisories", path, given.advisories])
    return path


def measure(given, directory):
    registry = Registry(os.path.join(given.images, "layout"), [TAG], directory)
    image = registry.image(TAG)
    found = {}
    try:
        advisories = _import(given, directory)
        choice = ["--advisories", advisories] if advisories else ["--no-advisories"]
        inspect, scanned = [], []
        # In turn, so that a machine that slows down does so for both; the first of each warms the page cache.
        for number in range(given.runs + 1):
            say(f"{TAG}: inspect")
            out = os.path.join(directory, "inspect.json")
            inspect.append(run([given.pratique, "inspect", image, "-o", "json", "--output-file", out, *choice]))
            say(f"{TAG}: the service, which has never seen it")
            ours = service(given, os.path.join(directory, f"once-{number}"), advisories)
            try:
                client = ours.client()
                _, project = ours.make_organization(client, "once")
                scanned.append((timed(client, project, image), ours.process.memory_in_mb()[1]))
                if number == given.runs:
                    say(f"{TAG}: again, with its layers known")
                    again = [timed(client, project, image) * 1000 for _ in range(given.again + 1)][1:]
                    found["knownMs"] = {"median": round(statistics.median(again), 1), "p99": round(percentile(again, 99), 1)}
            finally:
                ours.stop()
        found["inspectSeconds"] = round(statistics.median(seconds for seconds, _, _ in inspect[1:]), 3)
        found["inspectPeakMB"] = round(max(peak for _, _, peak in inspect), 1)
        found["serviceSeconds"] = round(statistics.median(seconds for seconds, _ in scanned[1:]), 3)
        found["servicePeakMB"] = max(peak for _, peak in scanned)
        found["added"] = round(found["serviceSeconds"] / found["inspectSeconds"], 3)
        found["twoAtOncePeakMB"] = _two_at_once(given, directory, advisories, image)
        return found
    finally:
        registry.process.stop()


def _two_at_once(given, directory, advisories, image):
    """The same image for two organizations: they share nothing of it, and neither waits for the other."""
    say(f"{TAG}: two scans at once")
    ours = service(given, os.path.join(directory, "two"), advisories)
    try:
        client = ours.client()
        projects = [ours.make_organization(client, name)[1] for name in ("one", "other")]
        for path in [start(client, project, image) for project in projects]:
            wait(client, path, pause_in_s=0.05)
        return ours.process.memory_in_mb()[1]
    finally:
        ours.stop()


def rows(found):
    return [
        ("the 2 GB image: `inspect`, s", f"{found['inspectSeconds']:.2f}"),
        ("the 2 GB image: the service, from the request to the result, s", f"{found['serviceSeconds']:.2f}"),
        ("peak MB of `inspect`, of the service", f"{found['inspectPeakMB']:.0f}, {found['servicePeakMB']:.0f}"),
        ("peak MB of the service with two scans at once", f"{found['twoAtOncePeakMB']:.0f}"),
        ("layers known, from the request to the result: median, p99, ms", f"{found['knownMs']['median']}, {found['knownMs']['p99']}"),
    ]


def goals(found):
    return [
        ("the service's time for the 2 GB image, times `inspect`'s", found["added"], 1.15),
        ("peak MB with two scans at once", found["twoAtOncePeakMB"], 250),
        ("a scan whose layers are known, median ms", found["knownMs"]["median"], 150),
    ]
