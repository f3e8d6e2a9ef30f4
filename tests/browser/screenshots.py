"""Make the pictures of the README and the docs from a running portal.

    python -m tests.browser.screenshots --base http://localhost:8000 --users users.json

The file of users maps a role to its sign-in: {"leader": ["address", "password"]}; the
roles are leader and hr. One period must have been opened and one list uploaded.
Pictures are saved in docs/images/.
"""

import argparse
import json
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.windows import CHROMIUM, FLAGS

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
WIDE, NARROW = (1280, 900), (320, 720)

# Name of the picture, role, path, a link to follow from there, size of the window.
PICTURES = [
    ("start", "leader", "/", "", WIDE),
    ("start-narrow", "leader", "/", "", NARROW),
    ("period", "leader", "/reports/", "main a[href*='/reports/20']", WIDE),
    ("occasions", "leader", "/occasions/", "", WIDE),
    ("people", "hr", "/people/", "", WIDE),
    ("upload", "hr", "/uploads/", "main a[href*='/uploads/'][href$='/']", WIDE),
]


def main() -> None:
    options = _options()
    users = json.loads(options.users.read_text(encoding="utf-8"))
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=FLAGS
        )
        pages: dict[str, Page] = {}
        for name, role, path, link, (width, height) in PICTURES:
            if role not in pages:
                context = browser.new_context(base_url=options.base, locale="sv-SE")
                pages[role] = context.new_page()
                _sign_in(pages[role], *users[role])
            page = pages[role]
            page.set_viewport_size({"width": width, "height": height})
            page.goto(path)
            if link:
                page.locator(link).last.click()
                page.wait_for_load_state()
            page.screenshot(path=options.out / f"{name}.png")
            sys.stdout.write(f"{page.url} {name}.png\n")
        browser.close()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="http://localhost:8000")
    parser.add_argument("--users", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=IMAGES)
    return parser.parse_args()


def _sign_in(page: Page, address: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", address)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/")


if __name__ == "__main__":
    main()
