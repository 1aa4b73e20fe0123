"""This service under load."""

import os
import re

from .client import Client
from .load import Load
from .process import Process, free_port

HARBOR = "/integrations/harbor/container-registry"


class Pratique:
    """`pratique serve` with nothing configured but where it is, in a directory of its own, and `flags`."""

    name = "pratique"
    # Its log line for each write included; it goes to a file.

    def __init__(self, binary, directory, flags=()):
        self.binary = binary
        self.flags = list(flags)
        self.directory = directory
        self.data = os.path.join(directory, "data")
        self.key_file = os.path.join(directory, "first-key")
        os.makedirs(directory)
        self.start()
        with open(self.key_file) as file:
            self.headers = {"x-api-key": file.read().strip()}
        self.header = f"x-api-key: {self.headers['x-api-key']}"

    def start(self):
        port = free_port()
        self.process = Process(
            [
                self.binary, "serve", "--port", str(port), "--data-directory", self.data,
                "--bootstrap-key-file", self.key_file, *self.flags,
            ],
            port, os.path.join(self.directory, "log"),
        )

    def stop(self):
        self.process.stop()

    def client(self):
        return Client(self.process.port, self.headers)

    def make_organization(self, client, name):
        """(organization id, project id)"""
        organization = client.json("POST", "/organizations", {"name": name})["id"]
        return organization, client.json("POST", f"/organization/{organization}/project", {"name": "bench"})["id"]

    def make_credentials(self, client, organization, project, count):
        path = f"{HARBOR}/organization/{organization}/credentials"
        return [
            client.json("POST", path, {
                "projectId": project, "harborUrl": "https://harbor.example.com", "harborProject": f"project-{number:09}",
                "username": f"robot$project-{number:09}+deploy", "password": f"9f86d081884c7d659a2feaa0{number:09}",
                "description": "Production Harbor registry",
            })["id"]
            for number in range(count)
        ]

    def file_of(self, name, lines):
        path = os.path.join(self.directory, name)
        with open(path, "w") as file:
            file.writelines(line + "\n" for line in lines)
        return path

    def store(self, targets, limit=0, name="targets"):
        """Stores to (organization, project) pairs in turn."""
        lines = (f"{HARBOR}/organization/{organization}/credentials {project}" for organization, project in targets)
        return Load(self.process.port, "store", [self.file_of(name, lines), self.header, limit])

    def get_paths(self, name, paths):
        return Load(self.process.port, "get", [self.file_of(name, paths), self.header])

    def list_of_20(self, organizations, name):
        return self.get_paths(name, [f"/organization/{organization}/credentials?pageSize=20" for organization in organizations])

    def loads(self):
        """store, get and list, each ready to run."""
        client = self.client()
        writing = self.make_organization(client, "written")
        read = self.make_organization(client, "read")
        listed = self.make_organization(client, "listed")
        self.make_credentials(client, *listed, 20)
        ids = self.make_credentials(client, *read, 1000)
        return {
            "store": self.store([writing]),
            "get": self.get_paths("gets", [f"{HARBOR}/project/{read[1]}/credentials/{id}" for id in ids]),
            "list": self.list_of_20([listed[0]], "lists"),
        }

    def commits(self, client=None):
        """(commits, writes) so far, as the service counts them."""
        text = (client or self.client()).json("GET", "/metrics")
        return tuple(
            int(re.search(rf"^{name} (\d+)$", text, re.MULTILINE).group(1))
            for name in ("pratique_commits_total", "pratique_writes_total")
        )
