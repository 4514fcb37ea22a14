"""A token server on loopback (RFC 6749 §5, §6) that answers as a test scripts it and keeps what it was asked."""

import json
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs

from tests.servers.ports import HOST


class TokenServer:
    """Use as a context manager. Unscripted it gives the tokens "token-1", "token-2" … for an hour each."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self._script: deque[tuple[int, bytes, dict[str, str]]] = deque()
        self._server = ThreadingHTTPServer((HOST, 0), self._handler())
        self.url = f"http://{HOST}:{self._server.server_port}/token"

    def answer(self, status: int = 200, headers: dict[str, str] | None = None, raw: bytes = b"", **told: Any) -> None:
        """The next answer: `told` as JSON, or `raw`."""
        self._script.append((status, raw or json.dumps(told).encode(), headers or {}))

    def next_answer(self, form: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        self.asked.append(form)
        if self._script:
            return self._script.popleft()
        return 200, json.dumps({"access_token": f"token-{len(self.asked)}", "expires_in": 3600}).encode(), {}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, raw, headers = server.next_answer({name: one[0] for name, one in parse_qs(body).items()})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        return Handler

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), name="token-server", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
