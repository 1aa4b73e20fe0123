"""How fast advisories are taken in and held against packages, and how soon the command asks its registry."""

import glob
import hashlib
import json
import os
import socket
import statistics
import subprocess
import tarfile
import io
import time
import zipfile

from .inspection_run import run

PACKAGES = 10_000
KNOWN_PART = 5  # one package in so many has advisories


def _known_names(data):
    """Source packages of Debian 12 that the advisories know."""
    names = set()
    for path in glob.glob(os.path.join(data, "Debian", "*.zip")):
        with zipfile.ZipFile(path) as archive:
            for entry in archive.namelist()[:3000]:
                for affected in json.loads(archive.read(entry)).get("affected", []):
                    package = affected.get("package", {})
                    if package.get("ecosystem") == "Debian:12":
                        names.add(package["name"])
    return sorted(names)


def _layout(directory, names):
    """An OCI layout of one layer: a Debian 12 with ten thousand packages in its dpkg database."""
    status = []
    for number in range(PACKAGES):
        source = names[number // KNOWN_PART % len(names)] if number % KNOWN_PART == 0 and names else f"unknown-{number}"
        status.append(
            f"Package: package-{number}\nStatus: install ok installed\nArchitecture: amd64\nSource: {source}\n"
            f"Version: 1.{number % 40}.0-1\nMaintainer: Nobody <nobody@example.com>\nDescription: package {number}\n\n"
        )
    files = {
        "etc/os-release": 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
        "var/lib/dpkg/status": "".join(status),
    }
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    blobs = os.path.join(directory, "blobs", "sha256")
    os.makedirs(blobs)

    def blob(content, media_type):
        digest = hashlib.sha256(content).hexdigest()
        with open(os.path.join(blobs, digest), "wb") as file:
            file.write(content)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}

    kind = "application/vnd.oci.image"
    tar = blob(layer.getvalue(), f"{kind}.layer.v1.tar")
    configuration = blob(
        json.dumps({"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": [tar["digest"]]}}).encode(),
        f"{kind}.config.v1+json",
    )
    manifest = {"schemaVersion": 2, "mediaType": f"{kind}.manifest.v1+json", "config": configuration, "layers": [tar]}
    entry = blob(json.dumps(manifest).encode(), f"{kind}.manifest.v1+json")
    with open(os.path.join(directory, "index.json"), "w") as file:
        json.dump({"schemaVersion": 2, "manifests": [entry]}, file)
    with open(os.path.join(directory, "oci-layout"), "w") as file:
        json.dump({"imageLayoutVersion": "1.0.0"}, file)


def _first_byte(binary):
    """Seconds from the start of the process to the first byte that its registry gets; the median of 9."""
    found = []
    for _ in range(9):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(30)
            started = time.monotonic()
            child = subprocess.Popen(
                [binary, "inspect", "--anonymous", "--no-advisories", f"127.0.0.1:{server.getsockname()[1]}/x/y:z"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            try:
                connection, _ = server.accept()
                connection.recv(1)
                found.append(time.monotonic() - started)
                connection.close()
            finally:
                child.kill()
                child.wait()
    return statistics.median(found)


def measure(binary, data, directory):
    found = {"firstByteMilliseconds": round(_first_byte(binary) * 1000, 1)}
    if not os.path.isdir(data):
        return found
    database = os.path.join(directory, "advisories.sqlite")
    seconds, _, peak = run([binary, "advisory", "import", "--advisories", database, data])
    found["importSeconds"], found["importPeakMB"] = round(seconds, 2), round(peak, 1)
    layout = os.path.join(directory, "ten-thousand")
    _layout(layout, _known_names(data))
    command = [binary, "inspect", f"oci:{layout}", "-o", "csv", "--output-file", os.path.join(directory, "findings.csv")]
    with_advisories = statistics.median(run([*command, "--advisories", database])[0] for _ in range(5))
    without = statistics.median(run([*command, "--no-advisories"])[0] for _ in range(5))
    found["matchMilliseconds"] = round((with_advisories - without) * 1000, 1)
    return found


def goals(found):
    wanted = (
        ("start to first byte requested, ms", "firstByteMilliseconds", 50),
        (f"matching {PACKAGES:,} packages, opening and writing included, ms", "matchMilliseconds", 300),
        ("importing the advisories, s", "importSeconds", 20),
        ("importing the advisories, peak MB", "importPeakMB", 300),
    )
    return [
        ("-", text, found[key], f"at most {bound}", "met" if found[key] <= bound else "MISSED")
        for text, key, bound in wanted if key in found
    ]
