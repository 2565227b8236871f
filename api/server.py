"""The HTTP server (waitress), with its own refusals as problem documents.

What breaks before a request reaches the application (a malformed chunk, a header that is too large, a
body that announces itself as larger than any upload) is answered here, in the asked language as far as
the header fields could be read.
"""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
from types import FrameType
from typing import Any

import waitress
from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from api.language import best_language
from api.problems import problem_body
from api.security import HEADERS
from api.settings import Settings

# By what waitress says: status, slug, Chinese, English. An encoding we don't know is the caller's mistake.
_SENTENCES = {
    400: (400, "bad-request", "HTTP 请求格式有误", "The HTTP request is malformed"),
    413: (413, "too-large", "提交的内容过大", "What you sent is too large"),
    431: (431, "headers-too-large", "HTTP 请求头过大", "The HTTP header fields are too large"),
    501: (400, "bad-request", "HTTP 请求格式有误", "The HTTP request is malformed"),
    500: (500, "engine-fault", "系统处理失败", "The server failed"),
}
_REASONS = {400: "Bad Request", 413: "Content Too Large", 431: "Request Header Fields Too Large"}


_SECONDS_TO_FINISH = 20.0
_MOST_HEADER_BYTES = 65_536  # a browser sends 8 kB at the most; waitress would hold 256 kB a connection


class _ProblemTask(ErrorTask):  # type: ignore[misc]  # waitress is not typed
    """Answers an error of the server itself with `application/problem+json`."""

    def execute(self) -> None:
        error = self.request.error
        status, code, zh, en = _SENTENCES.get(error.code, _SENTENCES[500])
        asked = self.request.headers.get("ACCEPT_LANGUAGE", "")
        lang = best_language(parse_accept_header(asked, LanguageAccept))
        hint = f": {error.body}" if status < 500 else ""
        titles = (f"{zh}。", f"{en}.")
        document = problem_body(status, code, f"{zh}{hint}。", f"{en}{hint}.", lang, titles=titles)
        body = json.dumps(document, ensure_ascii=False).encode()
        self.status = f"{status} {_REASONS.get(status, error.reason)}"
        self.response_headers += [
            ("Content-Type", "application/problem+json"),
            ("Content-Language", "zh-CN" if lang == "zh" else "en"),
            *HEADERS.items(),
        ]
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress is not typed
    error_task_class = _ProblemTask
    last_activity: float

    def handle_read(self) -> None:
        """Count a request's time from its first byte: a byte a minute must not hold a connection for ever."""
        begun = None if self.request is None else self.last_activity
        super().handle_read()
        if begun is not None and self.request is not None:
            self.last_activity = begun


def serve_until(server: Any, stopping: threading.Event) -> None:
    """Answer requests until told to stop; then finish those that have arrived, and close."""
    _watch_signals(server, stopping)
    while not stopping.is_set():
        _turn(server, server.adj.asyncore_loop_timeout)
    server.del_channel()  # nobody new; who is being answered gets the answer
    deadline = time.monotonic() + _SECONDS_TO_FINISH
    while server.active_channels and time.monotonic() < deadline:
        for channel in list(server.active_channels.values()):
            if not channel.requests and not channel.total_outbufs_len:
                channel.handle_close()
        _turn(server, 0.05)
    server.task_dispatcher.shutdown()
    server.close()


def _turn(server: Any, seconds: float) -> None:
    """One look at all sockets, waiting at most so long for something to happen."""
    wasyncore.loop(seconds, server.adj.asyncore_use_poll, server._map, count=1)


def _watch_signals(server: Any, stopping: threading.Event) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()
        server.pull_trigger()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def create_server(app: Flask, settings: Settings, listener: socket.socket) -> Any:
    """A server that answers on an already listening socket once its `run()` is called."""
    server = waitress.create_server(
        app,
        sockets=[listener],
        threads=settings.threads,
        ident="aidflow",
        max_request_body_size=settings.max_request_bytes + 1_000_000,
        max_request_header_size=_MOST_HEADER_BYTES,
        channel_timeout=settings.request_seconds,
        cleanup_interval=min(30, settings.request_seconds),
        connection_limit=settings.max_connections,
    )
    server.channel_class = _Channel
    return server
