"""What browsing and proving cost the registry, the client and this service."""

import concurrent.futures
import os
import re
import statistics
import threading
import time

from .pratique import HARBOR, Pratique
from .process import BenchError
from .stub import SECRET, StubHarbor

# How long the stub takes for each answer: what a registry in the same data centre takes for a page of a hundred repositories, and for the
# small questions of a probe. Without it the figures would compare two programs on one machine.
LIST_DELAY_IN_MS = 20
PROBE_DELAY_IN_MS = 5
PAGE = 100
FIRST_PAGES = 30
CLIENTS = 64
STORING_CLIENTS = 8


class _Sampler:
    """The service's resident memory, four times a second."""

    def __init__(self, process):
        self.samples = []
        self._process = process
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self):
        while not self._ended.wait(0.25):
            self.samples.append(self._process.memory_in_mb()[0])

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()


def _store(service, stub, organization, project, count):
    """Ids of `count` credentials of the stub's robot, stored by a few clients at once."""
    path = f"{HARBOR}/organization/{organization}/credentials"

    def some(first):
        client = service.client()
        return [
            client.json("POST", path, {
                "projectId": project, "harborUrl": stub.address, "harborProject": "demo", "username": stub.username,
                "password": SECRET, "name": f"bench-{number}",
            })["id"]
            for number in range(first, count, STORING_CLIENTS)
        ]

    with concurrent.futures.ThreadPoolExecutor(STORING_CLIENTS) as threads:
        return [id for ids in threads.map(some, range(STORING_CLIENTS)) for id in ids]


def _probes(client):
    """How many probes ended, and how many of them found all well."""
    text = client.json("GET", "/metrics")
    found = dict(re.findall(r'^pratique_probes_total\{state="(\w+)"\} (\d+)$', text, re.MULTILINE))
    return sum(map(int, found.values())), int(found.get("verified", 0))


def _await_probes(client, count, limit_in_s=120):
    """Seconds until `count` probes have ended, and how many found all well."""
    start = time.monotonic()
    while (ended := _probes(client))[0] < count:
        if time.monotonic() - start > limit_in_s:
            raise BenchError(f"{ended[0]} of {count} probes ended within {limit_in_s} s")
        time.sleep(0.1)
    return time.monotonic() - start, ended[1]


def _milliseconds(call):
    start = time.monotonic()
    call()
    return (time.monotonic() - start) * 1000


def _browse(service, stub, organization, project, repositories):
    client = service.client()
    ids = _store(service, stub, organization, project, FIRST_PAGES + 2)
    # The probes that follow a store ask the same stub; they must be over before anything is counted.
    _await_probes(client, len(ids))

    def images(id, page):
        return f"{HARBOR}/project/{project}/credentials/{id}/images?page={page}&pageSize={PAGE}"

    direct = stub.client()
    page = f"/api/v2.0/projects/demo/repositories?page=1&page_size={PAGE}"
    direct.json("GET", page)
    upstream = statistics.median(_milliseconds(lambda: direct.json("GET", page)) for _ in range(FIRST_PAGES))
    # Each credential has a cache of its own, so that every first page here is one that nobody asked for before.
    first = statistics.median(_milliseconds(lambda: client.json("GET", images(id, 1))) for id in ids[:FIRST_PAGES])
    again = statistics.median(_milliseconds(lambda: client.json("GET", images(ids[0], 1))) for _ in range(FIRST_PAGES))

    stub.count()
    pages = -(-repositories // PAGE)
    names = set()
    start = time.monotonic()
    for number in range(1, pages + 1):
        names.update(image["name"] for image in client.json("GET", images(ids[-2], number))["images"])
    whole = time.monotonic() - start
    calls = stub.count()["requests"]
    if len(names) != repositories:
        raise BenchError(f"the union of the pages has {len(names)} repositories of {repositories}")

    clients = [service.client() for _ in range(CLIENTS)]
    for one in clients:
        one.json("GET", "/livez")
    gate = threading.Barrier(CLIENTS)

    def together(one):
        gate.wait()
        one.json("GET", images(ids[-1], 1))

    stub.count()
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as threads:
        list(threads.map(together, clients))
    return {
        "upstreamCallMs": round(upstream, 2), "firstPageMs": round(first, 2), "cachedPageMs": round(again, 2),
        "repositories": repositories, "pages": pages, "callsForAllPages": calls, "allPagesSeconds": round(whole, 2),
        "callsFor64Clients": stub.count()["requests"],
    }


def _prove(service, stub, organization, project, credentials):
    """From the first store to the last outcome; then every credential three times more, to see what memory does."""
    client = service.client()
    before = _probes(client)
    stub.count()
    with _Sampler(service.process) as memory:
        start = time.monotonic()
        ids = _store(service, stub, organization, project, credentials)
        stored = time.monotonic() - start
        _await_probes(client, before[0] + credentials)
        seconds = time.monotonic() - start
        verified = _probes(client)[1] - before[1]
        counted = stub.count()
        peaks = [max(memory.samples, default=0)]
        clients = [service.client() for _ in range(STORING_CLIENTS)]

        def again(first):
            for id in ids[first::STORING_CLIENTS]:
                clients[first].json("POST", f"{HARBOR}/organization/{organization}/credentials/{id}/verify", accept=(200, 202))

        for _ in range(3):
            with concurrent.futures.ThreadPoolExecutor(STORING_CLIENTS) as threads:
                list(threads.map(again, range(STORING_CLIENTS)))
            peaks.append(max(memory.samples, default=0))
    return {
        "upstreamDelayMs": PROBE_DELAY_IN_MS, "credentials": credentials, "verified": verified, "storingSeconds": round(stored, 2),
        "seconds": round(seconds, 2), "calls": counted["requests"], "mostAtOnce": counted["mostAtOnce"],
        "residentMB": memory.samples, "residentPeakMB": peaks[0],
        "residentPeaksMB": peaks, "residentGrowth": round(peaks[1] / peaks[0], 3) if peaks[0] else None,
    }


def measure(binary, stubs, directory, repositories, credentials, say):
    """The figures of issue 3: browsing a project of `repositories`, and proving `credentials`."""
    service = Pratique(
        binary, os.path.join(directory, "registries"), ["--private-hosts", "127.0.0.1", "--plain-http-hosts", "127.0.0.1"]
    )
    found = {}
    try:
        organization, project = service.make_organization(service.client(), "registries")
        for name, count, delay, part in (
            ("browse", repositories, LIST_DELAY_IN_MS, lambda stub: _browse(service, stub, organization, project, repositories)),
            ("prove", 3, PROBE_DELAY_IN_MS, lambda stub: _prove(service, stub, organization, project, credentials)),
        ):
            say(f"registries: {name}")
            stub = StubHarbor(stubs, os.path.join(directory, f"registries-stub-{name}"), count, delay)
            try:
                found[name] = part(stub)
            finally:
                stub.stop()
        return found
    finally:
        service.stop()
