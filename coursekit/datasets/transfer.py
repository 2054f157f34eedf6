"""One file over HTTP, with patience that ends.

The bytes are copied by a thread of its own while the caller watches the clock. So a source that
hangs anywhere (in its name, in its headers, in the middle) or lets bytes drip is given up in time.
A cut connection is taken up again where it broke, if the server can say that the file is still
the same.
"""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

_CHUNK = 1 << 16
# Answers after which the same source may be asked again, from the start.
_AGAIN = {
    HTTPStatus.PARTIAL_CONTENT,
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
    HTTPStatus.TOO_MANY_REQUESTS,
}


class SourceFailed(Exception):
    """The source does not give the file; another one may.

    Examples
    --------
    >>> str(SourceFailed("answered 404"))
    'answered 404'
    """


class _Cut(Exception):
    """The connection ended early: worth another attempt at the same source."""


@dataclass(frozen=True)
class Patience:
    """How long a source may take.

    Attributes
    ----------
    window
        Seconds over which the rate is judged; also the time to connect in.
    least_rate
        Bytes a second that must arrive in every window.
    spare
        Seconds that a file may take, beyond its size over twice the least rate.
    attempts
        How often one source is asked when connections are cut and it gets no further.
    pause
        Seconds before the second attempt; twice as long before the third, and so on.

    Examples
    --------
    >>> Patience().most_seconds(16384 * 2 * 100) == 100 + Patience().spare
    True
    """

    window: float = 20.0
    least_rate: float = 16_384.0
    spare: float = 60.0
    attempts: int = 4
    pause: float = 0.5

    def most_seconds(self, size: int) -> float:
        """Return the longest time that a file of this size may take."""
        return self.spare + size / (2 * self.least_rate)


class Transfer:
    """Brings what stands at an address into a file.

    Parameters
    ----------
    url
        The address, http or https.
    path
        The file; it is overwritten.
    size
        About how many bytes are expected: sets the longest time.
    most
        More bytes than this are not taken.
    resume
        Whether to go on in the middle after a cut.

    Examples
    --------
    >>> nobody = Transfer("http://127.0.0.1:9/a.gz", Path("a.gz"), size=10, most=100)
    >>> nobody.run(Patience(), print)
    Traceback (most recent call last):
    ...
    coursekit.datasets.transfer.SourceFailed: cannot be reached (NewConnectionError)
    """

    def __init__(self, url: str, path: Path, *, size: int, most: int, resume: bool = True) -> None:
        self.url = url
        self.path = path
        self.size = size
        self.most = most
        self.resume = resume
        self.resumed = False
        self.have = 0
        self._moved = 0
        self._same = ""
        self._stop = threading.Event()
        self._error: BaseException | None = None

    def run(self, patience: Patience, show: Callable[[int], None]) -> None:
        """Bring the file; `show` is told, again and again, how many bytes there are.

        Raises
        ------
        SourceFailed
            When the source refuses, is too slow, sends too much, or is cut again and again.
        OSError
            When the file cannot be written.
        """
        end = time.monotonic() + patience.most_seconds(self.size)
        best = fruitless = 0
        while True:
            try:
                self._attempt(patience, end, show)
                return
            except _Cut as cut:
                # A bad line that gets further each time is worth more attempts.
                fruitless = fruitless + 1 if self.have <= best else 1
                best = max(best, self.have)
                if fruitless >= patience.attempts or time.monotonic() > end:
                    raise SourceFailed(f"failed {fruitless} times (last: {cut})") from cut
                time.sleep(patience.pause * 2 ** (fruitless - 1))

    def _attempt(self, patience: Patience, end: float, show: Callable[[int], None]) -> None:
        self._error = None
        copier = threading.Thread(target=self._copy, args=(patience.window,), daemon=True)
        copier.start()
        try:
            begun, before = time.monotonic(), self._moved
            while copier.is_alive():
                copier.join(0.1)
                show(self.have)
                now = time.monotonic()
                if now > end:
                    raise SourceFailed(f"took longer than {patience.most_seconds(self.size):.0f} s")
                if now - begun >= patience.window:
                    rate = (self._moved - before) / (now - begun)
                    if copier.is_alive() and rate < patience.least_rate:
                        raise SourceFailed(f"is too slow ({rate:,.0f} bytes a second)")
                    begun, before = now, self._moved
        except BaseException:
            # The thread ends by itself at the next bytes or at its own time limit.
            self._stop.set()
            raise
        if self._error is not None:
            raise self._error

    def _copy(self, seconds: float) -> None:
        try:
            self._receive(seconds)
        except BaseException as error:
            self._error = error

    def _receive(self, seconds: float) -> None:
        with self._ask(seconds) as answer:
            code = answer.status_code
            span = answer.headers.get("Content-Range", "")
            goes_on = code == HTTPStatus.PARTIAL_CONTENT and span.startswith(f"bytes {self.have}-")
            if not goes_on and code != HTTPStatus.OK:
                self._same = ""
                failure = _Cut if code >= 500 or code in _AGAIN else SourceFailed
                raise failure(f"answered {code}")
            self.resumed = self.resumed or goes_on
            self.have = self.have if goes_on else 0
            tag = answer.headers.get("ETag", "")
            # A weak tag promises the same meaning, not the same bytes.
            self._same = answer.headers.get("Last-Modified", "") if tag[:2] in ("", "W/") else tag
            whole = answer.headers.get("Content-Length", "")
            expected = self.have + int(whole) if whole.isdigit() else None
            with self.path.open("ab" if goes_on else "wb") as file:
                for chunk in self._chunks(answer):
                    if self._stop.is_set():
                        return
                    file.write(chunk)
                    self.have += len(chunk)
                    self._moved += len(chunk)
                    if self.have > self.most:
                        raise SourceFailed(f"sends more than {self.most:,} bytes")
            if expected is not None and self.have != expected:
                raise _Cut(f"sent {self.have:,} of {expected:,} bytes")

    def _ask(self, seconds: float) -> Any:
        import requests
        from urllib3.exceptions import ProtocolError

        # Unpacked on the way, the bytes could not be counted or asked for by their numbers.
        headers = {"Accept-Encoding": "identity", "User-Agent": "coursekit"}
        if self.resume and self.have and self._same:
            headers |= {"Range": f"bytes={self.have}-", "If-Range": self._same}
        try:
            return requests.get(self.url, headers=headers, stream=True, timeout=seconds)
        except requests.RequestException as error:
            if isinstance(error, requests.ReadTimeout):
                raise SourceFailed(f"is too slow (no answer in {seconds:g} s)") from error
            # Cut in the middle of its headers, it may answer the next time; not so when nobody
            # is there, or somebody else (a name without an address, a wrong certificate).
            cause = error.args[0] if error.args else None
            if isinstance(cause, ProtocolError):
                raise _Cut("the connection broke before an answer") from error
            raise SourceFailed(f"cannot be reached ({_reason(error)})") from error

    def _chunks(self, answer: Any) -> Iterator[bytes]:
        from urllib3.exceptions import HTTPError

        try:
            # read1 gives what has arrived; read would wait until a whole chunk has dripped in.
            while chunk := answer.raw.read1(_CHUNK, decode_content=False):
                yield chunk
        except (HTTPError, OSError) as error:
            raise _Cut(f"the connection broke after {self.have:,} bytes") from error


def _reason(error: Any) -> str:
    # requests wraps the cause twice; its kind says it best ("NameResolutionError").
    cause = error.args[0] if error.args else error
    return type(getattr(cause, "reason", None) or cause).__name__
