"""The forms of a page as a browser would send them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class PostedForm:
    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    """Fills in what stands there; boxes are ticked, the first option is chosen."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[PostedForm] = []
        self.select = ""

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        if tag == "form":
            is_posted = (named.get("method") or "get").lower() == "post"
            action = urljoin(self.address, named.get("action") or "")
            self.current = PostedForm(action) if is_posted else None
            if is_posted:
                self.forms.append(self.current)
        elif tag in {"input", "button", "textarea"}:
            self._put(named.get("name"), named.get("value") or "on", tag)
        elif tag == "select":
            self.select = named.get("name") or ""
        elif tag == "option" and named.get("value"):
            self._put(self.select, named["value"], tag)

    def handle_endtag(self, tag):
        if tag == "form":
            self.current = None

    current: PostedForm | None = None

    def _put(self, name, value, tag):
        if not self.current or not name:
            return
        values = self.current.fields.setdefault(name, [])
        if not values or tag == "input":
            values.append(value)


def posted_forms(page: str, address: str) -> list[PostedForm]:
    """Return every form of a page that is posted, filled in as it stands."""
    reader = _Reader(address)
    reader.feed(page)
    return reader.forms
