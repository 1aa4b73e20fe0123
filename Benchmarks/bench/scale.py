"""Whether a list and a store cost the same with many credentials as with few."""

import concurrent.futures
import os
import time

from .pratique import Pratique

PER_ORGANIZATION = 1000
CONNECTIONS = 64


def _figures(service, organizations, seconds):
    one = organizations[:1]
    return {
        "list": service.list_of_20([one[0][0]], "list-one").warm_and_run(CONNECTIONS, seconds),
        "listAll": service.list_of_20([pair[0] for pair in organizations], "list-all").warm_and_run(CONNECTIONS, seconds),
        "store": service.store(organizations, name="store-all").warm_and_run(CONNECTIONS, seconds),
    }


def _seed(service, organizations, count):
    """Stores `count` credentials through the API, evenly; the service's own counter tells when they are there."""
    client = service.client()
    before = service.commits(client)[1]
    service.store(organizations, limit=count, name="seed").run_until(
        CONNECTIONS, count - CONNECTIONS, lambda: service.commits(client)[1] - before
    )
    return service.commits(client)[1] - before


def _make_organizations(service, count):
    clients = [service.client() for _ in range(8)]

    def make(first):
        return [service.make_organization(clients[first], f"org-{number}") for number in range(first, count, len(clients))]

    with concurrent.futures.ThreadPoolExecutor(len(clients)) as threads:
        return [pair for pairs in threads.map(make, range(len(clients))) for pair in pairs]


def measure(binary, directory, total, seconds, say):
    """The figures at 1,000 credentials in one organization, and at `total` in total / 1,000 organizations."""
    found = {}
    for name, organizations in (("small", 1), ("large", max(1, total // PER_ORGANIZATION))):
        service = Pratique(binary, os.path.join(directory, f"scale-{name}"))
        try:
            say(f"scale: {organizations} organizations of {PER_ORGANIZATION} credentials, seeded through the API")
            pairs = _make_organizations(service, organizations)
            start = time.monotonic()
            seeded = _seed(service, pairs, organizations * PER_ORGANIZATION)
            took = time.monotonic() - start
            found[name] = {"organizations": organizations, "credentials": seeded, "seedingSeconds": round(took, 1)}
            found[name].update(_figures(service, pairs, seconds))
            found[name]["residentMB"], found[name]["residentPeakMB"] = service.process.memory_in_mb()
            found[name]["databaseMB"] = round(os.path.getsize(os.path.join(service.data, "pratique.sqlite")) / 1e6)
        finally:
            service.stop()
    return found
