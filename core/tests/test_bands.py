from fractions import Fraction

import pytest
from django.template import Context, Template
from django.utils import translation

from core.templatetags.bands import BandChart, BandMark, BandPoint, band_chart

EIGHTH, QUARTER, HALF = Fraction(1, 8), Fraction(1, 4), Fraction(1, 2)


def point(value, label="May", mark=BandMark.PLAIN, outer=(Fraction(0), HALF)):
    return BandPoint(label, value, QUARTER, (EIGHTH, 3 * EIGHTH), outer, mark, "fine")


def chart(*points: BandPoint) -> BandChart:
    return BandChart(
        key="pears",
        title="Pears & apples",
        heading="Month",
        value_label="Picked",
        centre_label="Expected",
        inner_label="Usual",
        outer_label="Rare",
        note_label="Says",
        points=points,
    )


def rendered(*points: BandPoint) -> str:
    template = Template("{% load bands %}{% band_chart chart %}")
    return template.render(Context({"chart": chart(*points)}))


def test_points_and_bands_stand_in_percent_of_the_plot():
    # The scale ends at 50 percent: a quarter is half way up.
    column = band_chart(chart(point(QUARTER)))["columns"][0]

    assert (column.left, column.middle, column.right) == ("0.00%", "50.00%", "100.00%")
    assert column.value_y == column.centre_y == "50.00%"
    assert (column.inner.y, column.inner.height) == ("25.00%", "50.00%")
    assert (column.outer.y, column.outer.height) == ("0.00%", "100.00%")


@pytest.mark.parametrize(("outer", "top"), [(HALF, 50), (Fraction(51, 100), 100)])
def test_the_scale_ends_at_a_hundred_when_a_band_passes_the_half(outer, top):
    ticks = band_chart(chart(point(QUARTER, outer=(QUARTER, outer))))["ticks"]

    assert [tick["text"] for tick in ticks] == [n * top // 5 for n in range(6)]


def test_the_line_has_a_gap_where_there_is_no_figure():
    drawn = band_chart(chart(*map(point, (EIGHTH, EIGHTH, None, EIGHTH))))

    assert [(a.middle, b.middle) for a, b in drawn["steps"]] == [("12.50%", "37.50%")]


def test_no_more_labels_than_stand_side_by_side():
    labels = band_chart(chart(*(point(HALF, str(n)) for n in range(9))))["labels"]

    assert [column.label for column in labels] == ["0", "3", "6"]


def test_a_sign_is_drawn_as_a_shape_and_told_in_words():
    page = rendered(point(QUARTER, mark=BandMark.SIGN), point(QUARTER))

    assert page.count('class="chart-dot chart-dot-sign"') == 1
    assert page.count(">!</text>") == 1
    assert page.count("<td>fine</td>") == 2


def test_swedish_words_have_a_comma_and_lengths_in_svg_a_point():
    with translation.override("sv"):
        page = rendered(point(EIGHTH))

    assert "12,5" in page
    assert 'cy="75.00%"' in page


def test_a_chart_without_points_is_drawn_all_the_same():
    assert "<circle" not in rendered().partition("</p>")[2]


def test_labels_are_text_and_never_markup():
    page = rendered(point(QUARTER, "<b>May</b>"))

    assert "<b>May</b>" not in page
    assert page.count("&lt;b&gt;May&lt;/b&gt;") == 2  # Below the plot, in the table.


@pytest.mark.usefixtures("english")
def test_the_table_has_the_decimals_of_all_tables_of_shares():
    column = band_chart(chart(point(Fraction(1, 3))))["columns"][0]

    assert column.value_text == "33.33%"
