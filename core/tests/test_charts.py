from fractions import Fraction

import pytest
from django.template import Context, Template
from django.utils import translation

from core.templatetags.charts import ShareChart, ShareRow, share_chart


def chart(*rows: ShareRow) -> ShareChart:
    return ShareChart(
        key="pears",
        title="Pears & apples",
        heading="Orchard",
        value_label="Picked",
        comparison_label="Grown",
        rows=rows,
    )


def rendered(*rows: ShareRow) -> str:
    template = Template("{% load charts %}{% share_chart chart %}")
    return template.render(Context({"chart": chart(*rows)}))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Fraction(5, 16), "31.3%"),  # 31.25: half goes up.
        (Fraction(0), "0.0%"),
        (Fraction(1), "100.0%"),
        (Fraction(2, 3), "66.7%"),
        (None, "no figure"),
    ],
)
def test_a_share_is_told_with_one_decimal(share, text):
    with translation.override("en"):
        row = share_chart(chart(ShareRow("North", share, None)))["rows"][0]

    assert row["value"].text == text


def test_swedish_words_have_a_comma_and_lengths_in_svg_a_point():
    with translation.override("sv"):
        page = rendered(ShareRow("Norr", Fraction(5, 16), Fraction(1, 4)))

    assert "31,3" in page
    assert 'width="62.50%"' in page
    assert 'width="50.00%"' in page


def test_the_scale_ends_at_a_hundred_when_a_share_passes_the_half():
    below = share_chart(chart(ShareRow("North", Fraction(1, 2), None)))
    above = share_chart(chart(ShareRow("North", None, Fraction(51, 100))))

    assert [tick["text"] for tick in below["ticks"]] == [0, 10, 20, 30, 40, 50]
    assert [tick["text"] for tick in above["ticks"]] == [0, 20, 40, 60, 80, 100]


def test_no_bar_is_drawn_where_there_is_no_figure():
    page = rendered(ShareRow("North", None, None))

    assert 'class="chart-value" y=' not in page
    assert 'class="chart-comparison" y=' not in page


def test_labels_are_text_and_never_markup():
    page = rendered(ShareRow("<b>North</b>", Fraction(1, 2), None))

    assert "<b>North</b>" not in page
    assert page.count("&lt;b&gt;North&lt;/b&gt;") == 2  # Beside its bars, in the table.
