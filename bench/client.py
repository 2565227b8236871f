"""A small HTTP client for load: one kept connection a thread, nothing that costs the server's cores."""

from __future__ import annotations

import http.client
import json
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Client:
    """One signed-in connection; `seconds` collects how long each timed call took."""

    port: int
    token: str = ""
    seconds: list[float] = field(default_factory=list)
    _connection: http.client.HTTPConnection | None = None

    def call(self, method: str, path: str, body: Any = None, *, timed: bool = False) -> Any:
        """Send JSON, return JSON; `RuntimeError` for anything but success."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        payload = None if body is None else json.dumps(body)
        started = time.perf_counter()
        self._connection.request(method, f"/api/v1{path}", payload, headers)
        response = self._connection.getresponse()
        data = response.read()
        if timed:
            self.seconds.append(time.perf_counter() - started)
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {data.decode()[:500]}")
        return json.loads(data) if data else None


def percentile(seconds: list[float], share: float) -> float:
    """The value in milliseconds below which `share` of the times lie."""
    ordered = sorted(seconds)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]
