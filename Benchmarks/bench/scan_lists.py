"""Whether every list of a big project's results is fast and right, in every filter, order and page."""

import collections
import os
import statistics
import time

from .process import BenchError
from .scan_queue import run_seeds
from .scan_service import percentile, say, service

PAGE = 100
RUNS = 3
REPOSITORIES = 25
TAGS = 4
PACKAGES = 300
# As the seeds have them: of the four tags of a repository two are of main and one of release.
TAGS_OF_BRANCH = {"main": 2, "release": 1}
FIELDS = ("severity", "status", "fixable", "kind", "package", "flaw", "alias", "repository")
PRIORITIES = {"critical": "critical_urgent", "high": "urgent", "medium": "normal", "low": "low"}
CLASSES = {"deb": "os-pkgs", "npm": "lang-pkgs"}


class Truth:
    """The findings as the seeds told them, counted without a database."""

    def __init__(self, text):
        self.findings = [dict(zip(FIELDS, line.split("\t"))) for line in text.splitlines()]
        self.packages = collections.defaultdict(list)
        for finding in self.findings:
            finding["fixable"] = finding["fixable"] == "1"
            self.packages[finding["repository"], finding["package"]].append(finding)

    @staticmethod
    def _suits(finding, asked, repository):
        text = asked.get("searchQuery", "").lower()
        return all((
            asked.get("severity", finding["severity"]).split(",").count(finding["severity"]),
            asked.get("status", finding["status"]) == finding["status"],
            asked.get("priority", "") in ("", PRIORITIES.get(finding["severity"], "very_low")),
            asked.get("classType", "") in ("", CLASSES[finding["kind"]], finding["kind"]),
            asked.get("hasAutofix", finding["fixable"]) == finding["fixable"],
            "imageId" not in asked or finding["repository"] == repository,
            any(text in finding[name].lower() for name in ("package", "flaw", "alias")),
        ))

    def findings_of(self, asked, repository):
        return sum(self._suits(finding, asked, repository) for finding in self.findings)

    def packages_of(self, asked, repository):
        """A package is as bad as the worst of its findings; a status is that of any of them, and so is a fix."""
        worst = list(reversed(["unknown", "negligible", "low", "medium", "high", "critical"])).index

        def suits(findings):
            severity = min((finding["severity"] for finding in findings), key=worst)
            one = dict(findings[0], severity=severity)
            return (
                self._suits(one, {name: asked[name] for name in asked if name in ("severity", "priority", "classType", "imageId")}, repository)
                and asked.get("searchQuery", "").lower() in one["package"]
                and ("status" not in asked or any(finding["status"] == asked["status"] for finding in findings))
                and ("hasAutofix" not in asked or any(finding["fixable"] for finding in findings) == asked["hasAutofix"])
            )

        return sum(suits(findings) for findings in self.packages.values())


def _filters(image):
    single = [
        *({"severity": word} for word in ("critical", "high", "medium", "low", "negligible", "unknown", "critical,high")),
        *({"status": word} for word in ("to_verify", "confirmed", "resolved", "ignored")),
        {"priority": "urgent"}, {"classType": "os-pkgs"}, {"classType": "lang-pkgs"}, {"classType": "npm"}, {"imageId": image},
        {"branch": "main"}, {"branch": "release"}, {"hasAutofix": True}, {"hasAutofix": False},
        *({"searchQuery": text} for text in ("package-17", "package", "cve-2024-1234", "CVE", "GHSA-4242-", "e", "nothing-has-this")),
    ]
    both = [
        {"severity": "critical,high", "status": "to_verify", "hasAutofix": True}, {"imageId": image, "severity": "low"},
        {"branch": "main", "searchQuery": "package-1"}, {"branch": "main", "severity": "critical"},
        {"imageId": image, "searchQuery": "cve-2024-10"}, {"classType": "os-pkgs", "branch": "release", "status": "ignored"},
    ]
    return [{}, *single, *both]


def _lists(truth, image, repository):
    """(path, filter, sorts, the total that is right) of every list."""
    orders = ("currentSeverity", "currentPriority", "currentState", "language", "createdAt", "updateAt", "score", "packageName")
    package_orders = ("packageName", "currentSeverity", "currentPriority")
    for asked in _filters(image):
        yield "", asked, orders, truth.findings_of(asked, repository)
        yield "/packages", asked, package_orders, truth.packages_of(asked, repository)
    for branch, tags in (None, TAGS), *TAGS_OF_BRANCH.items():
        asked = {"branch": branch} if branch else {}
        yield "/images", asked, (), REPOSITORIES * tags
        yield "/images/grouped", asked, ("repositoryName", "tagCount", "latestScanAt"), REPOSITORIES
    yield "/images/grouped", {"searchQuery": "app-1"}, ("repositoryName",), len({
        finding["repository"] for finding in truth.findings if "app-1" in finding["repository"]
    })


def _words(asked):
    return "&".join(f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in asked.items())


def _time(client, path):
    """(milliseconds, the total that was told), the median of a few."""
    took = []
    for _ in range(RUNS):
        began = time.monotonic()
        _, headers = client.send("GET", path)
        took.append((time.monotonic() - began) * 1000)
    return statistics.median(took), int(headers["X-Total-Count"])


def measure(given, directory):
    ours = service(given, os.path.join(directory, "service"))
    organization, project = ours.make_organization(ours.client(), "lists")
    ours.stop()
    say(f"lists: seeding {given.findings:,} findings")
    truth = Truth(run_seeds(given, [
        "findings", "--database", os.path.join(ours.data, "pratique.sqlite"), "--organization", organization, "--project", project,
        "--repositories", str(REPOSITORIES), "--findings", str(given.findings // REPOSITORIES), "--packages", str(PACKAGES),
    ]))
    ours.start()
    try:
        return _measure(ours, project, truth)
    finally:
        ours.stop()


def _measure(ours, project, truth):
    client = ours.client()
    base = f"/project/{project}/results/container"
    image = client.json("GET", f"{base}/images?limit=1")["images"][0]
    found = collections.defaultdict(list)
    for path, asked, orders, total in _lists(truth, image["id"], image["repository"]):
        pages = sorted({1, max(1, -(-total // PAGE) // 2), max(1, -(-total // PAGE))})
        for order in [None, *(f"sort={order}&order={way}" for order in orders for way in ("asc", "desc"))]:
            for page in pages:
                query = "&".join(filter(None, [_words(asked), order, f"page={page}&limit={PAGE}"]))
                took, told = _time(client, f"{base}{path}?{query}")
                if told != total:
                    raise BenchError(f"{path}?{query} counts {told}, and there are {total}")
                found[path or "/"].append((took, query))
    return {
        "findings": len(truth.findings), "residentPeakMB": ours.process.memory_in_mb()[1],
        "databaseMB": round(os.path.getsize(os.path.join(ours.data, "pratique.sqlite")) / 1e6),
        "lists": {path: _summary(took) for path, took in found.items()},
    }


def _summary(took):
    return {
        "queries": len(took), "median": round(statistics.median(ms for ms, _ in took), 1),
        "p99": round(percentile([ms for ms, _ in took], 99), 1),
        "slowest": [{"ms": round(ms, 1), "query": query} for ms, query in sorted(took, reverse=True)[:10]],
        "over50": sum(ms > 50 for ms, _ in took),
    }


def rows(found):
    lines = [(f"{found['findings']:,} findings: database, peak MB", f"{found['databaseMB']:,}, {found['residentPeakMB']:.0f}")]
    for path, figures in found["lists"].items():
        worst = figures["slowest"][0]
        lines.append((
            f"`results/container{path if path != '/' else ''}`, {figures['queries']} queries: median, p99, most, ms",
            f"{figures['median']}, {figures['p99']}, {worst['ms']} (`{worst['query']}`)",
        ))
    return lines


def goals(found):
    worst = max(figures["slowest"][0]["ms"] for figures in found["lists"].values())
    return [("the slowest page of any list, ms", worst, 50)]
