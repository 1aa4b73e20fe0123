"""Prints what was found, and holds it against the goals."""

OPERATIONS = {"store": "durable store", "get": "get", "list": "list of 20"}


def _cells(run):
    if "failed" in run:
        return ["failed", str(run["failed"]), ""]
    return [f"{run['perSecond']:,.0f}", f"{run['p50']:.2f}", f"{run['p99']:.2f}"]


def table(results):
    """Markdown, so that it can go into docs/benchmarks.md as it is."""
    lines = ["| operation | server | connections | requests/s | p50 ms | p99 ms |", "|---|---|---:|---:|---:|---:|"]
    for operation, title in OPERATIONS.items():
        for peer, found in results["peers"].items():
            for connections, run in found.get(operation, {}).items():
                lines.append("| " + " | ".join([title, peer, connections] + _cells(run)) + " |")
    lines += ["", "| server | syncs a write, 64 connections | resident peak MB |", "|---|---:|---:|"]
    for peer, found in results["peers"].items():
        syncs = found.get("syncsPerWrite")
        lines.append(f"| {peer} | {'-' if syncs is None else format(syncs, '.3f')} | {found['residentPeakMB']:.0f} |")
    if "inserts" in results:
        lines += ["", "| raw SQLite, rows in a transaction | rows/s | transactions/s |", "|---:|---:|---:|"]
        for size, found in results["inserts"].items():
            lines.append(f"| {size} | {found['rowsPerSecond']:,} | {found['transactionsPerSecond']:,} |")
    if "scale" in results:
        lines += [
            "", "| credentials | organizations | list of 20, one organization: p99 ms | all in turn: p99 ms | stores/s "
            "| resident peak MB | database MB | seeding s |", "|---:|---:|---:|---:|---:|---:|---:|---:|",
        ]
        for found in results["scale"].values():
            lines.append(
                f"| {found['credentials']:,} | {found['organizations']:,} | {_cells(found['list'])[2]} "
                f"| {_cells(found['listAll'])[2]} | {_cells(found['store'])[0]} | {found['residentPeakMB']:.0f} "
                f"| {found['databaseMB']:,} | {found['seedingSeconds']} |"
            )
    if "registries" in results:
        browse, prove = results["registries"]["browse"], results["registries"]["prove"]
        lines += [
            "", "| browsing a Harbor project | figure |", "|---|---:|",
            f"| repositories | {browse['repositories']:,} |", f"| one upstream call, ms | {browse['upstreamCallMs']} |",
            f"| first page, nobody asked before, ms | {browse['firstPageMs']} |",
            f"| first page again, ms | {browse['cachedPageMs']} |",
            f"| upstream calls for all {browse['pages']} pages | {browse['callsForAllPages']} |",
            f"| all pages, s | {browse['allPagesSeconds']} |",
            f"| upstream calls for 64 clients at once | {browse['callsFor64Clients']} |",
            "", "| proving credentials | figure |", "|---|---:|",
            f"| credentials, of which verified | {prove['credentials']:,}, {prove['verified']:,} |",
            f"| from the first store to the last outcome, s | {prove['seconds']} |",
            f"| of which storing, s | {prove['storingSeconds']} |", 
            f"| upstream calls, {prove['upstreamDelayMs']} ms each | {prove['calls']:,} |",
            f"| upstream calls at once, at most | {prove['mostAtOnce']} |",
            f"| resident peak MB, then after each of three rounds more | {', '.join(f'{peak:.0f}' for peak in prove['residentPeaksMB'])} |",
        ]
    return "\n".join(lines)


class _Goals:
    """Each goal of the service, met or missed; one whose figures are not there is left out."""

    def __init__(self, results):
        self.results = results
        self.lines = []

    def run(self, peer, operation):
        run = self.results["peers"].get(peer, {}).get(operation, {}).get("64")
        return None if run is None or "failed" in run else run

    def add(self, text, figure, limit, at_least):
        is_met = figure >= limit if at_least else figure <= limit
        relation = "at least" if at_least else "at most"
        self.lines.append(
            {"goal": text, "figure": round(figure, 3), "limit": limit, "relation": relation, "met": is_met}
        )

    def ratio(self, text, ours, theirs, field, limit, at_least):
        if ours and theirs:
            self.add(text, ours[field] / theirs[field], limit, at_least)

    def all(self):
        store, get = self.run("pratique", "store"), self.run("pratique", "get")
        self.ratio("stores/s, times OpenBao's", store, self.run("openbao", "store"), "perSecond", 8, True)
        self.ratio("store p99, part of OpenBao's", store, self.run("openbao", "store"), "p99", 0.25, False)
        self.ratio("gets/s, times OpenBao's", get, self.run("openbao", "get"), "perSecond", 3, True)
        self.ratio("stores/s, part of the bare route's", store, self.run("route", "store"), "perSecond", 0.5, True)
        self.ratio("gets/s, part of the bare route's", get, self.run("route", "get"), "perSecond", 0.5, True)
        ours = self.results["peers"].get("pratique", {})
        if "syncsPerWrite" in ours:
            self.add("syncs a write", ours["syncsPerWrite"], 0.2, False)
        scale = self.results.get("scale", {})
        if scale and not any("failed" in found[operation] for found in scale.values() for operation in ("list", "store")):
            small, large = scale["small"], scale["large"]
            self.ratio("list p99 at scale, times the small one's", large["list"], small["list"], "p99", 1.5, False)
            self.ratio("stores/s when small, times those at scale", small["store"], large["store"], "perSecond", 1.5, False)
        if "registries" in self.results:
            browse, prove = self.results["registries"]["browse"], self.results["registries"]["prove"]
            self.add("first page, times one upstream call", browse["firstPageMs"] / browse["upstreamCallMs"], 1.3, False)
            self.add("upstream calls for the whole list", browse["callsForAllPages"], browse["pages"], False)
            self.add("upstream calls for 64 clients at once", browse["callsFor64Clients"], 1, False)
            self.add("credentials that were verified", prove["verified"], prove["credentials"], True)
            self.add("seconds to verify them all", prove["seconds"], 30 * prove["credentials"] / 1000, False)
            self.add("requests at once to one host", prove["mostAtOnce"], 8, False)
            if prove["residentGrowth"]:
                self.add("memory after as many probes again, times before", prove["residentGrowth"], 1.1, False)
        peaks = [found["residentPeakMB"] for found in [ours, *scale.values()] if "residentPeakMB" in found]
        if peaks:
            self.add("resident peak MB", max(peaks), 100, False)
        return self.lines


def goals(results):
    return _Goals(results).all()


def goals_table(lines):
    rows = ["| goal | figure | limit | |", "|---|---:|---|---|"]
    rows += [
        f"| {line['goal']} | {line['figure']:.2f} | {line['relation']} {line['limit']} | {'met' if line['met'] else 'MISSED'} |"
        for line in lines
    ]
    return "\n".join(rows)
