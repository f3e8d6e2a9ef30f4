"""A browser window that remembers what went wrong, and what every page must meet."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

LANGUAGES = ("sv", "en")
WIDTHS = (1280, 320)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Window:
    """One page of one visitor; `troubles` are errors of the console and of scripts."""

    def __init__(self, page: Page, language: str) -> None:
        self.page = page
        self.language = language
        self.troubles: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def go(self, address: str) -> Response:
        self.troubles.clear()
        response = self.page.goto(address)
        assert response is not None
        return response

    def resize(self, width: int) -> None:
        """Make the window this wide, as a reader would, without loading again."""
        self.troubles.clear()
        self.page.set_viewport_size({"width": width, "height": 900})

    def _hear(self, message) -> None:
        # An error page is asked for on purpose; that it came is no trouble.
        is_status = message.text.startswith("Failed to load resource")
        if message.type == "error" and not (is_status and self._is_own(message)):
            self.troubles.append(message.text)

    def _is_own(self, message) -> bool:
        return message.location["url"] == self.page.url


def check_page(window: Window) -> None:
    """Assert what design asks of every page, at the width that the window has.

    No error in the console and no breach of the content security policy, the
    language of the page, one main heading, no horizontal scroll, no axe violation.
    """
    page = window.page
    page.wait_for_load_state()
    # Axe brings styles of its own, which the policy refuses: listen before it runs.
    assert window.troubles == [], f"{page.url}: {window.troubles}"
    assert page.locator("html").get_attribute("lang") == window.language
    check_width(window)
    options = {"runOnly": {"type": "tag", "values": RULES}}
    violations = Axe().run(page, options=options).response["violations"]
    assert _told(violations) == [], page.url


def check_width(window: Window) -> None:
    """Assert that nothing makes the page wider than its window."""
    page = window.page
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels too wide"


def _told(violations: list[dict]) -> list[str]:
    return [
        f"{violation['id']}: {node['html'][:200]} ({node['failureSummary']})"
        for violation in violations
        for node in violation["nodes"]
    ]
