"""The registry that benches pull from."""

import json
import os
import subprocess

from .process import Process, free_port


class Registry:
    """Debian's docker-registry on a port of 127.0.0.1, holding the images of a layout."""

    def __init__(self, layout, tags, directory):
        self.port = free_port()
        self.layout = layout
        configuration = os.path.join(directory, "registry.yml")
        with open(configuration, "w") as file:
            file.write(
                "version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n"
                f"storage: {{filesystem: {{rootdirectory: {directory}/registry}}}}\n"
                f"http: {{addr: '127.0.0.1:{self.port}'}}\n"
            )
        self.process = Process(["docker-registry", "serve", configuration], self.port, f"{directory}/registry.log")
        for tag in tags:
            subprocess.run(
                ["skopeo", "copy", "--quiet", "--dest-tls-verify=false", f"oci:{layout}:{tag}", f"docker://{self.image(tag)}"],
                check=True,
            )

    def image(self, tag):
        return f"127.0.0.1:{self.port}/bench/{tag}:latest"

    def layers(self, tag):
        """Paths of the layers' blobs in the layout, the largest first."""
        manifest = json.loads(
            subprocess.run(
                ["skopeo", "inspect", "--raw", f"oci:{self.layout}:{tag}"], check=True, capture_output=True
            ).stdout
        )
        paths = {os.path.join(self.layout, "blobs", *layer["digest"].split(":")) for layer in manifest["layers"]}
        return sorted(paths, key=os.path.getsize, reverse=True)
