"""Files over HTTP and HTTPS, bounded in size and time, in a thread (L01, N01)."""

from __future__ import annotations

import asyncio
import http.client
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence

MOST_BYTES = 64 << 20
CHUNK = 16 << 10


class TransferFailed(Exception):
    """The file did not come, or not whole."""


async def fetch(url: str, *, roots: Sequence[str] = (), timeout_s: float = 20.0) -> bytes:
    """Download `url`. `roots` are PEM roots for https beside the system's. Raises TransferFailed."""
    stop = threading.Event()
    try:
        return await asyncio.to_thread(_fetch, url, roots, timeout_s, stop)
    except asyncio.CancelledError:
        stop.set()
        raise


async def upload(url: str, content: bytes, *, roots: Sequence[str] = (), timeout_s: float = 20.0) -> None:
    """PUT `content` to `url`. Raises TransferFailed."""
    await asyncio.to_thread(_upload, url, content, roots, timeout_s)


def _open(request: urllib.request.Request, roots: Sequence[str], timeout_s: float) -> http.client.HTTPResponse:
    scheme = urllib.parse.urlsplit(request.full_url).scheme
    if scheme not in ("http", "https"):
        raise TransferFailed(f"{scheme or 'no scheme'} is none of HTTP, HTTPS")
    context = ssl.create_default_context()
    for pem in roots:
        context.load_verify_locations(cadata=pem)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    response: http.client.HTTPResponse = direct.open(request, timeout=timeout_s)
    return response


def _fetch(url: str, roots: Sequence[str], timeout_s: float, stop: threading.Event) -> bytes:
    try:
        with _open(urllib.request.Request(url), roots, timeout_s) as response:
            announced = response.headers.get("Content-Length")
            got = bytearray()
            while chunk := response.read(CHUNK):
                got += chunk
                if stop.is_set() or len(got) > MOST_BYTES:
                    raise TransferFailed("stopped" if stop.is_set() else f"more than {MOST_BYTES} bytes")
            if announced is not None and len(got) != int(announced):
                raise TransferFailed(f"{len(got)} of {announced} bytes came")
            return bytes(got)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TransferFailed(str(error)) from error


def _upload(url: str, content: bytes, roots: Sequence[str], timeout_s: float) -> None:
    request = urllib.request.Request(url, data=content, method="PUT", headers={"Content-Type": "text/plain"})
    try:
        with _open(request, roots, timeout_s) as response:
            response.read(CHUNK)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TransferFailed(str(error)) from error
