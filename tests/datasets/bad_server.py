"""A web server on 127.0.0.1 that behaves as the first part of the address says.

`/good/name` gives the file, `/cut/name` half of it, and so on: one method a way to misbehave.
"""

import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CHANGED = "Mon, 01 Jan 2024 00:00:00 GMT"
LONG = 120  # seconds: longer than anybody should wait


class BadServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files = files
        self.asked: Counter[str] = Counter()
        self.ranges: list[tuple[str, str]] = []
        self.over = threading.Event()

    def source(self, way: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{way}/"

    def handle_error(self, request, client_address) -> None:
        """Say nothing of clients that went away: many tests make them."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: BadServer

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""

    def do_GET(self) -> None:
        _, way, name = self.path.split("/")
        self.times = self.server.asked[self.path]
        self.server.asked[self.path] += 1
        self.span = self.headers.get("Range", "")
        if self.span:
            self.server.ranges.append((way, self.span))
        self.close_connection = True
        getattr(self, way)(self.server.files[name])

    def head(self, length: int | None, code: int = 200, **more: str) -> None:
        self.send_response(code)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for key, value in {"Last-Modified": CHANGED, "Connection": "close", **more}.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()

    def whole(self, data: bytes) -> None:
        self.head(len(data))
        self.wfile.write(data)

    def rest(self, data: bytes, start: int) -> None:
        span = f"bytes {start}-{len(data) - 1}/{len(data)}"
        self.head(len(data) - start, 206, Content_Range=span)
        self.wfile.write(data[start:])

    def first_half(self, data: bytes) -> None:
        self.head(len(data))
        self.wfile.write(data[: len(data) // 2])

    def start(self) -> int:
        return int(self.span.removeprefix("bytes=").removesuffix("-"))

    # Ways to behave, by the first part of the address.

    good = whole

    def slow_start(self, data: bytes) -> None:
        time.sleep(0.3)
        self.whole(data)

    def missing(self, data: bytes) -> None:
        self.head(0, 404)

    def broken(self, data: bytes) -> None:
        self.head(0, 500)

    def busy_once(self, data: bytes) -> None:
        self.whole(data) if self.times else self.head(0, 503)

    def cut(self, data: bytes) -> None:
        self.first_half(data)

    def cut_no_length(self, data: bytes) -> None:
        self.head(None)
        self.wfile.write(data[: len(data) // 2])

    def cut_chunked(self, data: bytes) -> None:
        self.head(None, Transfer_Encoding="chunked")
        half = data[: len(data) // 2]
        self.wfile.write(b"%x\r\n%s\r\n" % (len(half), half))

    def cut_in_headers(self, data: bytes) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Le")

    def hang_up(self, data: bytes) -> None:
        """Close the connection without a word."""

    def cut_then_rest(self, data: bytes) -> None:
        self.rest(data, self.start()) if self.span else self.first_half(data)

    def ignores_range(self, data: bytes) -> None:
        self.whole(data) if self.times else self.first_half(data)

    def refuses_range(self, data: bytes) -> None:
        if self.span:
            self.head(0, 416)
        elif self.times:
            self.whole(data)
        else:
            self.first_half(data)

    def wrong_part(self, data: bytes) -> None:
        # Gives the right beginning, then a wrong rest; right when asked for all of it later.
        if self.span:
            self.rest(bytes(len(data)), self.start())
        elif self.times:
            self.whole(data)
        else:
            self.first_half(data)

    def other_part(self, data: bytes) -> None:
        # Answers a question for the rest with a part from elsewhere.
        if self.span:
            self.rest(data, self.start() - 3)
        elif self.times:
            self.whole(data)
        else:
            self.first_half(data)

    def steps(self, data: bytes) -> None:
        # Every connection is cut after a sixth of the file.
        start, step = self.start() if self.span else 0, len(data) // 6 + 1
        span = f"bytes {start}-{len(data) - 1}/{len(data)}"
        self.head(len(data) - start, 206 if self.span else 200, Content_Range=span)
        self.wfile.write(data[start : start + step])

    def wrong(self, data: bytes) -> None:
        self.whole(data[:-9] + bytes(9))

    def not_packed(self, data: bytes) -> None:
        self.whole(b"<html>Please log in to the network of this hotel.</html>")

    def empty(self, data: bytes) -> None:
        self.whole(b"")

    def endless(self, data: bytes) -> None:
        self.head(None)
        while not self.server.over.is_set():
            self.wfile.write(bytes(1 << 16))

    def labelled_gzip(self, data: bytes) -> None:
        # Some servers label a .gz file as packed for the way.
        self.head(len(data), Content_Encoding="gzip")
        self.wfile.write(data)

    def silent(self, data: bytes) -> None:
        self.server.over.wait(LONG)

    def stall(self, data: bytes) -> None:
        self.head(len(data))
        self.wfile.write(data[:100])
        self.server.over.wait(LONG)

    def drip(self, data: bytes) -> None:
        self.head(len(data))
        self._drip(data)

    def drip_headers(self, data: bytes) -> None:
        self._drip(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 4000)

    def _drip(self, data: bytes) -> None:
        for at in range(len(data)):
            if self.server.over.wait(0.02):
                return
            self.wfile.write(data[at : at + 1])


def left_over(folder: Path) -> list[str]:
    """Names in a cache folder that are neither a set nor a lock."""
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.name.startswith(".") and not path.name.endswith(".lock")
    )
