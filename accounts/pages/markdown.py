"""From the Markdown of a page to HTML that can do no harm.

Tags are text, links lead to http(s) and mail addresses only, there are no pictures,
and nothing has a style: the content security policy would refuse it.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

_LOWEST_HEADING = 6
_LINK = re.compile(r"(https?://|mailto:)\S", re.IGNORECASE)
_FACT = re.compile(r"\{\{ *(\w+) *\}\}")
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_BLANK = re.compile(r"\[(?:Fyll i|Fill in): [^\]]+\]")


def to_html(body: str, facts: Mapping[str, str], *, top_heading: int) -> SafeString:
    """Return safe HTML in which `{{ name }}` is the fact of that name.

    The highest heading becomes `top_heading`, and none lies more than one level
    below the one before it.
    """
    tokens = parse(body)
    _settle_headings(tokens, top_heading)
    _label_cells(tokens)
    html = _READER.renderer.render(tokens, _READER.options, {"facts": facts})
    return mark_safe(html)  # noqa: S308 - The reader escapes all that was typed.


def parse(body: str) -> list[Token]:
    return _READER.parse(body)


def has_blanks(text: str) -> bool:
    """Return whether a text in Markdown or HTML waits for somebody to fill it in."""
    return bool(_BLANK.search(text))


def count_blanks(text: str) -> int:
    return len(_BLANK.findall(text))


class _Renderer(RendererHTML):
    """Writes facts, blanks and tables in the portal's own way."""

    def text(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        words = escapeHtml(_with_facts(tokens[idx].content, env["facts"]))
        if not _is_in_link(tokens, idx):
            words = EMAIL.sub(r'<a href="mailto:\g<0>">\g<0></a>', words)
        return _BLANK.sub(lambda blank: f"<mark>{blank[0]}</mark>", words)

    def code_inline(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        words = _with_facts(tokens[idx].content, env["facts"])
        return f"<code>{escapeHtml(words)}</code>"

    def table_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        label = escapeHtml(_("Table"))
        name = f'role="region" tabindex="0" aria-label="{label}"'
        table = '<table class="table stacked" role="table">'
        return f'<div class="table-region" {name}>{table}\n'

    def table_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return "</table></div>\n"

    def thead_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return '<thead role="rowgroup">\n'

    def tbody_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return '<tbody role="rowgroup">\n'

    def tr_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return '<tr role="row">\n'

    def th_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return '<th scope="col" role="columnheader">'

    def td_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        label = _with_facts(tokens[idx].meta["label"], env["facts"])
        return f'<td role="cell" data-label="{escapeHtml(label)}">'


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    reader.enable("table").disable("image")
    reader.validateLink = lambda url: bool(_LINK.match(url))  # type: ignore[method-assign]
    return reader


_READER = _reader()


def _with_facts(words: str, facts: Mapping[str, str]) -> str:
    return _FACT.sub(lambda fact: facts.get(fact[1], fact[0]), words)


def _is_in_link(tokens: Sequence[Token], idx: int) -> bool:
    links = (token for token in tokens[:idx] if token.type.startswith("link_"))
    return sum(link.nesting for link in links) > 0


def _label_cells(tokens: Sequence[Token]) -> None:
    """Give each cell of a table the words of its heading, for where rows are stacked.

    The reader gives every row as many cells as there are headings.
    """
    headings: list[str] = []
    cells = 0
    for token, inside in pairwise(tokens):
        match token.type:
            case "thead_open":
                headings = []
            case "th_open":
                headings.append(_words(inside))
            case "tr_open":
                cells = 0
            case "td_open":
                token.meta["label"] = headings[cells]
                cells += 1


def _words(inline: Token) -> str:
    return "".join(token.content for token in inline.children or [])


def _settle_headings(tokens: Sequence[Token], top: int) -> None:
    headings = [token for token in tokens if token.type == "heading_open"]
    closings = [token for token in tokens if token.type == "heading_close"]
    levels = [int(token.tag[1:]) for token in headings]
    if not levels:
        return
    shift = top - min(levels)
    before = top - 1
    for opening, closing, level in zip(headings, closings, levels, strict=True):
        before = min(level + shift, before + 1, _LOWEST_HEADING)
        opening.tag = closing.tag = f"h{before}"
