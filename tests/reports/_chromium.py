"""A headless Chromium over its debugging protocol: opens a file, notes what it fetched and complained about."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
START_S, ANSWER_S = 30.0, 30.0


def find_chromium() -> str | None:
    """The browser's path, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One page of a running Chromium. `fetched` are the addresses it asked for, `complaints` its errors."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._number = 0
        self.fetched: list[str] = []
        self.complaints: list[str] = []
        self._seen: list[str] = []
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask the browser and wait for its answer, noting the events in between."""
        self._number += 1
        self._connection.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            told = json.loads(self._connection.recv(timeout=ANSWER_S))
            if told.get("id") == self._number:
                assert "error" not in told, told["error"]
                return dict(told["result"])
            self._note(told)

    def _note(self, told: dict[str, Any]) -> None:
        method, params = told.get("method", ""), told.get("params", {})
        self._seen.append(method)
        if method == "Network.requestWillBeSent":
            self.fetched.append(params["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(params["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.complaints.append(json.dumps(params["args"])[:400])
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(params["entry"]["text"])

    def load(self, path: Path, width: int, height: int) -> None:
        """Open a file in a window of this size and wait until it is loaded."""
        mobile = width < 600
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)
        self._seen.clear()
        self.call("Page.navigate", url=path.as_uri())
        while "Page.loadEventFired" not in self._seen:
            self._note(json.loads(self._connection.recv(timeout=ANSWER_S)))

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def pdf(self) -> bytes:
        """The page as it would be printed."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"])


@contextmanager
def browser(executable: str, profile: Path) -> Iterator[Browser]:
    """A browser of its own, ended in any case."""
    command = [
        executable,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--remote-debugging-port=0",
        "--remote-allow-origins=*",
        f"--user-data-dir={profile}",
        "about:blank",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = _page_address(profile / "DevToolsActivePort", process)
        with connect(address, max_size=64 * 1024 * 1024, open_timeout=START_S, proxy=None) as connection:
            yield Browser(connection)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _page_address(port_file: Path, process: subprocess.Popen[bytes]) -> str:
    """The debugging address of the first page, as soon as the browser has written its port."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert process.poll() is None, "Chromium ended at once"
        if port_file.exists() and (lines := port_file.read_text().split("\n")) and len(lines) > 1:
            return _first_page(f"ws://127.0.0.1:{lines[0]}{lines[1]}")
        time.sleep(0.05)
    raise TimeoutError("Chromium did not open its debugging port")


def _first_page(browser_address: str) -> str:
    with connect(browser_address, open_timeout=START_S, proxy=None) as control:
        control.send(json.dumps({"id": 1, "method": "Target.createTarget", "params": {"url": "about:blank"}}))
        while True:
            told = json.loads(control.recv(timeout=ANSWER_S))
            if told.get("id") == 1:
                host = browser_address.split("/devtools/", 1)[0]
                return f"{host}/devtools/page/{told['result']['targetId']}"
