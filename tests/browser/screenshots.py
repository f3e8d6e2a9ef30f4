"""Make the pictures of the README and the docs from a running portal.

    python -m tests.browser.screenshots --base http://localhost:8000 --users users.json

The file of users maps a role to its sign-in: {"leader": ["address", "password"]}; the
roles are leader, hr and funder. Pictures are saved in docs/images/.
"""

import argparse
import json
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.windows import CHROMIUM, FLAGS

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
WIDE, NARROW = (1280, 900), (320, 720)

# Name of the picture, role ("" is a stranger), path, size of the window.
PICTURES = [
    ("sign-in", "", "/accounts/login/", WIDE),
    ("leader-start", "leader", "/", WIDE),
    ("leader-start-narrow", "leader", "/", NARROW),
    ("leader-reports", "leader", "/reports/", WIDE),
    ("leader-occasions", "leader", "/occasions/", WIDE),
    ("leader-admin", "leader", "/admin/", WIDE),
    ("hr-start", "hr", "/", WIDE),
    ("hr-people", "hr", "/people/", WIDE),
    ("hr-uploads", "hr", "/uploads/", WIDE),
    ("hr-upload-new", "hr", "/uploads/new/", WIDE),
    ("hr-upload-new-narrow", "hr", "/uploads/new/", NARROW),
    ("funder-start", "funder", "/", WIDE),
    ("funder-reports", "funder", "/reports/", WIDE),
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
        for name, role, path, (width, height) in PICTURES:
            if role not in pages:
                context = browser.new_context(base_url=options.base, locale="sv-SE")
                pages[role] = context.new_page()
                if role:
                    _sign_in(pages[role], *users[role])
            page = pages[role]
            page.set_viewport_size({"width": width, "height": height})
            answer = page.goto(path)
            page.screenshot(path=options.out / f"{name}.png", full_page=True)
            sys.stdout.write(f"{answer.status if answer else '?'} {path} {name}.png\n")
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
