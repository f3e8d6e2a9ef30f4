"""What pages of parity say, and to whom."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.tests.factories import make_funder, make_leader
from companies.enums import Gender
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
    WorkforceSnapshotFactory,
)
from reporting.models import ReportingPeriod
from reporting.parity_pages import parity_page
from reporting.selectors.parity_tables import parity_figures
from reporting.tests.attending import attend

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

TOGETHER = "What chance alone gives in a table like this"


@pytest.fixture
def company():
    """Of ten women and ten men eight men were trained, and two nobody knows of."""
    ProgrammeFactory()
    company = CompanyFactory(name="Verkstaden AB")
    WorkforceSnapshotFactory(
        company=company, women=10, men=10, reference_date=dt.date(2024, 12, 31)
    )
    for gender, number in ((Gender.MAN, 8), (Gender.UNKNOWN, 2)):
        for _ in range(number):
            attend(ParticipantFactory(company=company, gender=gender))
    return company


def _page(client, user, name, *args):
    client.force_login(user)
    response = client.get(reverse(f"reporting:{name}", args=args))
    text = " ".join(response.content.decode().split())
    return response.status_code, text


def _period_page(client, name):
    period = ReportingPeriod.objects.create(
        starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 3, 31)
    )
    status, text = _page(client, make_leader(), name, period.starts_on, period.ends_on)
    assert status == 200
    return text


def test_a_leader_reads_verdict_doubt_and_assumption_together(client, company):
    WorkforceSnapshotFactory()

    text = _period_page(client, "parity")

    assert "Established skew" in text
    assert "Depending on their gender, the verdict could be: sign of skew." in text
    assert "p assumes that people are picked one by one" in text
    # Eight coins, all of one side: twice one of 256.
    assert "binomial 0.0078" in text
    assert TOGETHER in text
    assert "It does not tell how large the skew is" in text
    assert "A month has no p and no verdict" in text


def test_a_table_of_one_row_is_not_read_together(client, company):
    text = _period_page(client, "parity")

    # There are three staff groups, but none of them has a p.
    assert "Established skew" in text
    assert TOGETHER not in text


def test_women_to_mirror_have_a_sign(client, company):
    text = _period_page(client, "parity")

    # Four of eight would have mirrored ten women and ten men.
    assert '<td class="num">+4</td>' in text


def test_a_month_has_the_rest_of_its_figures_behind(client, company):
    text = _period_page(client, "parity")

    title = "Months: persons, hours and workforce"
    details = text[text.index(title) :]
    details = details[: details.index("</table>")]
    march = details[details.index("March 2026") :]
    cells = [cell.split("<")[0] for cell in march.split('<td class="num">')[1:]]
    # Women, men, non-binary, unknown, left out; expected, within, between; hours.
    assert cells[:5] == ["0", "8", "0", "2", "0"]
    gap = "\N{MINUS SIGN}50.0"
    assert cells[5:10] == ["50.00%", gap, "0.0", "0.00%", gap]
    assert march.rstrip().endswith("</tbody>")


def test_a_theme_that_is_called_as_a_staff_group_keeps_its_name(company):
    row = attend(ParticipantFactory(company=company))
    row.enrolment.occasion.course.theme = "manager"
    row.enrolment.occasion.course.save()

    page = parity_page(parity_figures(dt.date(2026, 1, 1), dt.date(2026, 3, 31)))

    names = {table.key: [name for name, _row in table.rows] for table in page["tables"]}
    assert "manager" in names["themes"]
    assert "Manager" in names["staff-groups"]


def test_the_chart_says_what_it_shows_and_how_late_it_is(client, company):
    text = _period_page(client, "parity-chart")

    assert "Alarm: chance alone gives so few or so many women" in text
    assert "the alarm would sound after 1 month, when 8 had been trained" in text
    assert 'class="chart-dot chart-dot-sign"' in text


def test_hr_sees_its_own_company_without_the_others(client, company):
    hr = MembershipFactory(company=company).user
    other = CompanyFactory(name="Granngården AB")
    attend(ParticipantFactory(company=other))

    status, text = _page(client, hr, "company-parity", company.org_number)

    assert status == 200
    assert "Established skew" in text
    assert "Granngården" not in text
    assert TOGETHER not in text
    assert _page(client, hr, "company-parity", other.org_number)[0] == 404
    assert _page(client, make_funder(), "company-parity", company.org_number)[0] == 404
    assert _page(client, hr, "company-parity", "no such number")[0] == 404


def test_before_the_programme_there_is_nothing_to_tell(client):
    membership = MembershipFactory()

    status, text = _page(
        client, membership.user, "company-parity", membership.company.org_number
    )

    assert status == 200
    assert "The programme has not begun" in text


def test_hr_finds_the_way_from_the_start_page(client, company):
    client.force_login(MembershipFactory(company=company).user)

    text = client.get(reverse("home")).content.decode()

    assert reverse("reporting:company-parity", args=[company.org_number]) in text
