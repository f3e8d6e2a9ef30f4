"""Print the table of docs/access.md: `python -m tests.access.page > docs/access.md`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.access.admin_table import ACTIONS, ADMIN
from tests.access.roles import MOVED, NOT_FOUND, OK, ROLES, SIGN_IN, Rule
from tests.access.table import GET, POST

INTRODUCTION = """\
# Who may open what

Every address of the portal against every role, as the test in `tests/access/` asks it.
The rows asked for belong to the company of *hr*, to the occasion of *supplier* and to
*participant*; *other* roles are their like elsewhere, *former* ones were theirs once.

✓ opens · ● may do it · → is led to the sign-in · – is not found (404, the same as where
nothing is). This page is printed from the table: `python -m tests.access.page`.
"""
SIGNS = {OK: "✓", MOVED: "●", NOT_FOUND: "–", SIGN_IN: "→"}


def page() -> str:
    """Return the whole page, as it stands in the docs."""
    looks = _table(GET, "Looking (GET)")
    acts = _table(POST, "Doing (POST)")
    return "\n".join([INTRODUCTION, *looks, *acts, *_admin()])


def _table(rules: Mapping[str, Rule], title: str) -> Iterator[str]:
    yield f"## {title}\n"
    yield "| Address | " + " | ".join(r.replace("_", " ") for r in ROLES) + " |"
    yield "|---|" + ":-:|" * len(ROLES)
    for name, rule in rules.items():
        signs = (SIGNS[rule.answer_to(role)] for role in ROLES)
        yield f"| `{name}` | " + " | ".join(signs) + " |"
    yield ""


def _admin() -> Iterator[str]:
    yield "## The admin\n"
    yield "Project leaders only; for everybody else nothing under `/admin/` is there.\n"
    yield "| Rows | Pages | Actions |"
    yield "|---|---|---|"
    for label, pages in ADMIN.items():
        actions = ", ".join(sorted(ACTIONS.get(label, [])))
        yield f"| `{label}` | {pages.replace(' ', ', ')} | {actions} |"
    yield ""


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - It is what the program is for.
