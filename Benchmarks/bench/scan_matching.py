"""How long it takes until every image is matched with advisories that were just imported."""

import glob
import gzip
import hashlib
import http.client
import io
import json
import os
import random
import shutil
import subprocess
import tarfile
import time
import zipfile
from datetime import datetime

from .local_registry import Registry
from .process import BenchError
from .scan_service import say, service, start, wait

PACKAGES = 300
TAGS = 10
TAG = "runtimes"
# One in so many advisories is not in the database that the images are first matched with.
HELD_BACK = 3
LIMIT_IN_S = 600
KIND = "application/vnd.oci.image"


def _stanzas(registry):
    """What dpkg wrote of each package of the big image, from the newest layer that has it."""
    manifest = json.loads(subprocess.run(
        ["skopeo", "inspect", "--raw", f"oci:{registry.layout}:{TAG}"], check=True, capture_output=True
    ).stdout)
    for layer in reversed(manifest["layers"]):
        with tarfile.open(os.path.join(registry.layout, "blobs", *layer["digest"].split(":")), "r|*") as archive:
            for entry in archive:
                if entry.name.lstrip("./") == "var/lib/dpkg/status":
                    text = archive.extractfile(entry).read().decode()
                    return [stanza for stanza in text.split("\n\n") if "\nStatus: install ok installed" in stanza]
    raise BenchError("the image has no packages of Debian")


def _layer(stanzas):
    files = {
        "etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
        "var/lib/dpkg/status": "".join(stanza + "\n\n" for stanza in stanzas),
    }
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return layer.getvalue()


class _Pusher:
    """Puts images into the registry over one kept connection."""

    def __init__(self, registry):
        self._connection = http.client.HTTPConnection("127.0.0.1", registry.port, timeout=30)

    def _send(self, method, path, body=b"", headers=None):
        self._connection.request(method, path, body=body, headers=headers or {})
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status not in (201, 202):
            raise BenchError(f"{method} {path} answered {answer.status}: {content[:200]!r}")
        return answer.headers

    def _blob(self, repository, content, media_type):
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        place = self._send("POST", f"/v2/{repository}/blobs/uploads/")["Location"]
        self._send(
            "PUT", f"{place}{'&' if '?' in place else '?'}digest={digest}", content, {"Content-Type": "application/octet-stream"}
        )
        return {"mediaType": media_type, "digest": digest, "size": len(content)}

    def push(self, repository, tag, tar):
        layer = self._blob(repository, gzip.compress(tar, 1), f"{KIND}.layer.v1.tar+gzip")
        difference = f"sha256:{hashlib.sha256(tar).hexdigest()}"
        configuration = self._blob(repository, json.dumps({
            "os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": [difference]},
        }).encode(), f"{KIND}.config.v1+json")
        manifest = {"schemaVersion": 2, "mediaType": f"{KIND}.manifest.v1+json", "config": configuration, "layers": [layer]}
        self._send(
            "PUT", f"/v2/{repository}/manifests/{tag}", json.dumps(manifest).encode(), {"Content-Type": manifest["mediaType"]}
        )


def _push_all(registry, count):
    stanzas, pusher, chance = _stanzas(registry), _Pusher(registry), random.Random(5)
    if len(stanzas) < PACKAGES:
        raise BenchError(f"the image has {len(stanzas)} packages, and {PACKAGES} are needed")
    images = []
    for number in range(count):
        repository, tag = f"bench/app-{number // TAGS}", f"v{number % TAGS}"
        pusher.push(repository, tag, _layer(chance.sample(stanzas, PACKAGES)))
        images.append(f"127.0.0.1:{registry.port}/{repository}:{tag}")
    return images


def _older(data, directory):
    """The advisories of Debian without every third one: what was known before the import."""
    for path in glob.glob(os.path.join(data, "Debian", "*.zip")):
        target = os.path.join(directory, os.path.basename(path))
        with zipfile.ZipFile(path) as given, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as kept:
            for number, entry in enumerate(given.infolist()):
                if number % HELD_BACK:
                    kept.writestr(entry.filename, given.read(entry))


def _scan_all(client, project, images):
    began = time.monotonic()
    waiting = [start(client, project, image) for image in images]
    for path in waiting:
        wait(client, path, pause_in_s=0.05)
    return time.monotonic() - began


def _findings(client, project):
    return client.json("GET", f"/project/{project}/results/container?limit=1")["total"]


def _import(given, path, data):
    done = subprocess.run(
        [given.pratique, "advisory", "import", "--advisories", path, data], capture_output=True, text=True
    )
    if done.returncode:
        raise BenchError(f"advisory import ended with {done.returncode}: {done.stderr[-1000:]}")


def _match_again(ours, client, project, database):
    """Seconds from the moment that the service has another database until the last image is matched with it."""
    target = os.path.join(ours.data, "advisories.sqlite")
    shutil.copy(database, target + ".new")
    began, arrived = time.monotonic(), time.time()
    os.replace(target + ".new", target)
    while time.monotonic() - began < LIMIT_IN_S:
        told = client.json("GET", f"/project/{project}/results/container/images?limit=1")["completeness"]
        if datetime.fromisoformat(told["oldestMatchAt"].replace("Z", "+00:00")).timestamp() >= arrived:
            return time.monotonic() - began
        time.sleep(0.2)
    raise BenchError(f"not every image was matched again within {LIMIT_IN_S} s")


def measure(given, directory):
    if not given.advisories:
        say("matching: left out, there are no advisories")
        return {}
    registry = Registry(os.path.join(given.images, "layout"), [], directory)
    ours = None
    try:
        say(f"matching: pushing {given.matched:,} images of {PACKAGES} packages")
        images = _push_all(registry, given.matched)
        older = os.path.join(directory, "older")
        os.makedirs(older)
        _older(given.advisories, older)
        before, after = os.path.join(directory, "before.sqlite"), os.path.join(directory, "after.sqlite")
        _import(given, before, older)
        _import(given, after, os.path.join(given.advisories, "Debian"))
        ours = service(given, os.path.join(directory, "service"), before)
        client = ours.client()
        _, project = ours.make_organization(client, "matching")
        say("matching: scanning them")
        found = {"images": len(images), "scanSeconds": round(_scan_all(client, project, images), 1)}
        found["findingsBefore"] = _findings(client, project)
        say("matching: again, with every third advisory new")
        found["seconds"] = round(_match_again(ours, client, project, after), 1)
        found["findings"] = _findings(client, project)
        say("matching: again, with nothing new")
        found["nothingNewSeconds"] = round(_match_again(ours, client, project, after), 1)
        if _findings(client, project) != found["findings"] or found["findings"] <= found["findingsBefore"]:
            raise BenchError(f"matching again found something else: {found}")
        found["residentPeakMB"] = ours.process.memory_in_mb()[1]
        return found
    finally:
        if ours:
            ours.stop()
        registry.process.stop()


def rows(found):
    if not found:
        return []
    return [
        (f"scanning {found['images']:,} images of {PACKAGES} packages from the registry, s", found["scanSeconds"]),
        ("their findings, before and after the import", f"{found['findingsBefore']:,}, {found['findings']:,}"),
        ("matching them again, every third advisory new, s", found["seconds"]),
        ("matching them again, nothing new, s", found["nothingNewSeconds"]),
        ("peak MB of all that", f"{found['residentPeakMB']:.0f}"),
    ]


def goals(found):
    return [(f"matching {found['images']:,} images again, s", found["seconds"], 60)] if found else []
