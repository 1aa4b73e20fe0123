"""A plain JSON client over one kept connection, for setting a bench up."""

import http.client
import json

from .process import BenchError


class Client:
    def __init__(self, port, headers=None):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._headers = headers or {}

    def send(self, method, path, body=None, accept=(200, 201, 204)):
        """The JSON answer (None when there is none) and the headers."""
        text = None if body is None else json.dumps(body)
        headers = dict(self._headers, **({} if body is None else {"Content-Type": "application/json"}))
        self._connection.request(method, path, body=text, headers=headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status not in accept:
            raise BenchError(f"{method} {path} answered {answer.status}: {content[:500].decode(errors='replace')}")
        is_json = content and "json" in (answer.getheader("Content-Type") or "")
        return (json.loads(content) if is_json else content.decode()), answer.headers

    def json(self, method, path, body=None, accept=(200, 201, 204)):
        return self.send(method, path, body, accept)[0]
