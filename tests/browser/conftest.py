"""A real browser against a live server. Run with `pytest tests/browser -m browser`."""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from accounts.models import User
from accounts.tests.clients import ProvedClient
from tests.browser.windows import CHROMIUM, FLAGS, LANGUAGES, WIDTHS, Window


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail("Chromium is missing. Run: sudo apt-get install -y chromium")
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright's own loop makes Django think that the tests are asynchronous.
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=FLAGS
        )
        yield browser
        browser.close()


@pytest.fixture
def portal(browser, live_server) -> str:
    """The address of a running portal, where nobody has tried to sign in yet."""
    cache.clear()
    return live_server.url


@pytest.fixture
def open_window(browser: Browser, portal: str) -> Iterator[Callable[..., Window]]:
    """Open windows: `open_window(language="en", width=320, script=False)`."""
    contexts: list[BrowserContext] = []

    def open_one(
        language: str = LANGUAGES[0], width: int = WIDTHS[0], *, script: bool = True
    ) -> Window:
        context = browser.new_context(
            base_url=portal,
            viewport={"width": width, "height": 900},
            locale="sv-SE",
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        contexts.append(context)
        name = settings.LANGUAGE_COOKIE_NAME
        context.add_cookies([{"name": name, "value": language, "url": portal}])
        return Window(context.new_page(), language)

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def sign_in(portal: str) -> Callable[[Window, User], None]:
    """Sign a user in to a window, second factor proved, without any form."""

    def sign_in(window: Window, user: User) -> None:
        client = ProvedClient()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        session = client.cookies[name].value
        window.page.context.add_cookies(
            [{"name": name, "value": session, "url": portal}]
        )

    return sign_in
