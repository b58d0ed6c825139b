"""Debian's Chromium without a window, spoken to over its DevTools protocol on a pipe
(https://chromedevtools.github.io/devtools-protocol/)."""

import json
import os
import select
import subprocess
import time
from contextlib import contextmanager

PATIENCE = 30  # seconds for an answer or a page


class Chromium:
    """A running browser. Its pages are in `page`."""

    def __init__(self, folder):
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        command = [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            "--hide-scrollbars",
            "--force-device-scale-factor=1",
            "--remote-debugging-pipe",
            f"--user-data-dir={folder / 'profile'}",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ]
        # The protocol is spoken on the descriptors 3 and 4.
        plumbing = f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}'
        home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "XDG_CACHE_HOME": str(folder)}
        self._process = subprocess.Popen(
            ["bash", "-c", plumbing, "bash", *command],
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | home,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._buffer = b""
        self._number = 0
        self.events = []

    def stop(self):
        """End it."""
        self.call("Browser.close")
        self._process.wait(PATIENCE)
        os.close(self._in)
        os.close(self._out)

    def call(self, method, session=None, **values):
        """What the browser answers; what it tells in between is kept in `events`."""
        self._number += 1
        asked = {"id": self._number, "method": method, "params": values}
        asked |= {"sessionId": session} if session else {}
        os.write(self._out, json.dumps(asked).encode() + b"\0")
        end = time.monotonic() + PATIENCE
        while True:
            told = self.hear(end)
            if told.get("id") == self._number:
                assert "error" not in told, (method, told["error"])
                return told["result"]

    def hear(self, end):
        """The next thing that it says."""
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], max(0, end - time.monotonic()))
            assert ready, "Chromium says nothing"
            heard = os.read(self._in, 1 << 20)
            assert heard, "Chromium ended"
            self._buffer += heard
        message, _, self._buffer = self._buffer.partition(b"\0")
        told = json.loads(message)
        if "method" in told:
            self.events.append(told)
            if told["method"] == "Page.javascriptDialogOpening":
                self._number += 1
                closing = {"id": self._number, "method": "Page.handleJavaScriptDialog"}
                closing |= {"params": {"accept": True}, "sessionId": told["sessionId"]}
                os.write(self._out, json.dumps(closing).encode() + b"\0")
        return told

    @contextmanager
    def page(self, url, *, width=1280, height=900, dark=False, script=True):
        """A page when it is loaded, in a window as wide as said."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.call(f"{domain}.enable")
        page.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        page.medium("screen", dark=dark)
        page.call("Emulation.setScriptExecutionDisabled", value=not script)
        page.call("Page.navigate", url=url)
        end = time.monotonic() + PATIENCE
        while not page.told("Page.loadEventFired"):
            self.hear(end)
        try:
            yield page
        finally:
            self.call("Target.closeTarget", targetId=target)


class Page:
    """A page of the browser."""

    def __init__(self, browser, session):
        self._browser, self._session = browser, session

    def call(self, method, **values):
        """What the page answers."""
        return self._browser.call(method, self._session, **values)

    def told(self, *methods):
        """What it told of its own accord, by the names of the events."""
        mine = (e for e in self._browser.events if e.get("sessionId") == self._session)
        return [event["params"] for event in mine if event["method"] in methods]

    def run(self, expression):
        """The value of an expression in the page, a promise's when it is kept."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def medium(self, name, *, dark=False):
        """Show it on a screen or on paper, to who wants it light or dark."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", media=name, features=[scheme])

    def requests(self):
        """The addresses of all that the page asked for."""
        return [event["request"]["url"] for event in self.told("Network.requestWillBeSent")]

    def complaints(self):
        """Dialogs, uncaught errors and what the console was told."""
        return self.told(
            "Page.javascriptDialogOpening",
            "Runtime.exceptionThrown",
            "Runtime.consoleAPICalled",
            "Log.entryAdded",
        )
