"""A real browser for tests: the Chromium of the system, driven by Playwright, with the network off."""

import os
import shutil
from contextlib import contextmanager

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def chromium():
    """Chromium, started once. Without one the tests skip, and fail where CI is set."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        message = f"no Chromium on this machine (looked for {', '.join(NAMES)})"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


class Visit:
    """An open page, with all that it said and all that it asked for.

    ``loaded`` holds every address that was asked for, ``requests`` those outside the
    site, ``console`` every message and every uncaught error.
    """

    def __init__(self, page):
        self.page = page
        self.loaded = []
        self.requests = []
        self.console = []
        page.on("request", self._note_request)
        page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.console.append(f"uncaught: {error}"))

    def _note_request(self, request):
        self.loaded.append(request.url)
        if not request.url.startswith(("file:", "data:")):
            self.requests.append(request.url)

    def wait_for_charts(self):
        """Wait until every chart is drawn, and return how many there are."""
        wanted = self.page.locator(".chart-spec").count()
        self.page.wait_for_function(
            "wanted => document.querySelectorAll('.chart-live[data-drawn] svg.marks').length === wanted",
            arg=wanted,
            timeout=15_000,
        )
        return wanted

    def run(self, script):
        """Return what a JavaScript expression yields on the page."""
        return self.page.evaluate(script)


@pytest.fixture
def visit(chromium):
    """Open a file: ``with visit(path, width=360, dark=True) as opened``. The network is off."""

    @contextmanager
    def open_file(path, *, width=1280, dark=False, scripts=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            offline=True,
            java_script_enabled=scripts,
            locale="en-US",
        )
        opened = Visit(context.new_page())
        opened.page.goto(path.as_uri())
        try:
            yield opened
        finally:
            context.close()

    return open_file
