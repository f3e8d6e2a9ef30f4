"""What becomes of the Markdown that a project leader writes."""

import re

import pytest

from accounts.pages.markdown import to_html


def html(body, **facts):
    return to_html(body, facts, top_heading=2)


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](//evil.example)",
        "[x](/admin/)",
        "![x](https://evil.example/x.png)",
        "<javascript:alert(1)>",
        "[x]\n\n[x]: javascript:alert(1)",
        "`</code><script>alert(1)</script>`",
        "```\n</code></pre><script>alert(1)</script>\n```",
        '[x](https://a.example/" onmouseover="alert(1))',
        "{{ owner }}",
        "`{{ owner }}`",
        "[Fyll i: <script>alert(1)</script>]",
        '|a|\n|:-:|\n|<b onclick="alert(1)">|',
        '|" onclick="alert(1)|\n|-|\n|a|',
        "|{{ owner }}|\n|-|\n|a|",
    ],
)
def test_nothing_that_is_typed_becomes_a_script_a_style_or_a_strange_link(body):
    shown = html(body, owner="<script>alert(1)</script>")

    for danger in ("<script", "<img", "<b", "style=", 'href="/', 'href="d', 'href="v'):
        assert danger not in shown
    assert 'href="java' not in shown.lower()
    assert '" on' not in shown


def test_web_and_mail_addresses_become_links():
    shown = html("[x](https://a.example) <me@example.org> [y](http://b.example)")

    assert shown == (
        '<p><a href="https://a.example">x</a> '
        '<a href="mailto:me@example.org">me@example.org</a> '
        '<a href="http://b.example">y</a></p>\n'
    )


def test_each_cell_of_a_table_has_the_words_of_its_heading():
    shown = html("|**What** & `how`|{{ why }}|\n|-|-|\n|a|b|\n|c|\n", why="Varför")

    cells = re.findall(r'<td role="cell" data-label="([^"]*)">([^<]*)<', shown)
    assert cells == [
        ("What &amp; how", "a"),
        ("Varför", "b"),
        ("What &amp; how", "c"),
        ("Varför", ""),
    ]


def test_a_bare_mail_address_becomes_a_link_and_one_in_a_link_stays():
    shown = html("Skriv till me@example.org. [a@b.example](https://a.example) `x@y.se`")

    assert shown == (
        '<p>Skriv till <a href="mailto:me@example.org">me@example.org</a>. '
        '<a href="https://a.example">a@b.example</a> <code>x@y.se</code></p>\n'
    )


@pytest.mark.parametrize("body", ["@", "a@b", "x" * 200 + "@example.org", "å@", "a@.b"])
def test_what_is_no_mail_address_becomes_no_link(body):
    assert "<a" not in html(body)


@pytest.mark.parametrize(
    ("body", "levels"),
    [
        ("# A\n# B", [2, 2]),
        ("## A\n### B", [2, 3]),
        ("# A\n#### B\n## C", [2, 3, 3]),
        ("###### A", [2]),
        ("A\n===\nB\n---", [2, 3]),
    ],
)
def test_headings_begin_below_the_pages_own_and_skip_no_level(body, levels):
    shown = html(body)

    assert [int(part[0]) for part in shown.split("<h")[1:]] == levels
