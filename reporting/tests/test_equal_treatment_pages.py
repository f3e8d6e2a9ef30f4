"""Equal treatment and the 4R method as a project leader reads and writes them."""

import datetime as dt
from fractions import Fraction

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory, make_leader
from companies.enums import StaffGroup
from companies.models import WorkforceSnapshot
from companies.tests.factories import (
    CompanyFactory,
    MembershipFactory,
    ParticipantFactory,
    ProgrammeFactory,
)
from core.errors import DomainError
from core.templatetags.charts import ShareRow
from reporting.enums import AnalysisPart
from reporting.equal_treatment_pages import ByGenderRow
from reporting.models import Analysis
from reporting.services.analyses import write_analysis
from reporting.tests.attending import attend
from reporting.tests.evidence import first_quarter
from trainings.enums import AccommodationKind, OccasionStatus
from trainings.models import EvaluationCount
from trainings.selectors.evaluation_results import (
    ThemeQuarter,
    results_by_group,
    results_by_group_between,
)
from trainings.tests.factories import (
    AccommodationFactory,
    EnrolmentFactory,
    EvaluationQuestionFactory,
    at,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

WINTER, SPRING = dt.date(2026, 1, 1), dt.date(2026, 4, 1)


@pytest.fixture
def period():
    return first_quarter()


@pytest.fixture
def leader():
    return make_leader()


@pytest.fixture
def browser(client, leader, period):
    client.force_login(leader)
    return client


def page(name, *more):
    days = dt.date(2026, 1, 1), dt.date(2026, 3, 31)
    return reverse(f"reporting:{name}", args=[*days, *more])


def table_of(response, key):
    tables = [*response.context["adaptations"], *response.context["seats"]]
    return next(table for table in tables if table.key == key)


def attended_and_absent():
    """A woman who completes, and one who never comes, on a completed occasion."""
    occasion = attend().session.occasion
    occasion.status = OccasionStatus.COMPLETED
    occasion.save()
    absent = EnrolmentFactory(occasion=occasion)
    AccommodationFactory(
        enrolment=absent,
        kind=AccommodationKind.CAPTIONS,
        requested_at=at("2026-02-01 08:00"),
        arranged_at=at("2026-02-03 20:00"),
    )


# Equal treatment


def test_numbers_stand_before_their_shares(browser):
    attended_and_absent()

    response = browser.get(page("equal-treatment"))

    completion = table_of(response, "completion-by-gender")
    assert [name for name, _definition in completion.headings] == [
        "Had a seat",
        "Attended",
        "Completed",
        "Completed, of those who attended",
        "Withdrew from a confirmed seat",
        "Never came",
        "Not known yet",
        "Dropped out, of those who had a seat",
    ]
    women = ["2", "1", "1", "100.00%", "0", "1", "0", "50.00%"]
    assert completion.rows[0] == ("Women", women)
    assert completion.rows[-1] == ("All", women)
    nobody = ["0", "0", "0", "–", "0", "0", "0", "–"]
    assert completion.rows[1] == ("Men", nobody)
    one = ["1", "1", "0", "0", "0", "0", "2.5", "0", "0", "0", "1", "100.00%"]
    assert table_of(response, "fulfilment").rows == [("All", one)]
    assert table_of(response, "fulfilment-by-kind").rows == [("Captions", one)]
    assert "50.00%" in response.text


def test_the_chart_shows_groups_of_somebody(browser):
    attended_and_absent()

    rows = browser.get(page("equal-treatment")).context["chart"].rows

    half, all_of_them = Fraction(1, 2), Fraction(1)
    assert rows[0] == ShareRow("Women", all_of_them, half)
    assert len(rows) == 2


def test_an_empty_period_says_so(browser):
    response = browser.get(page("equal-treatment"))

    assert response.status_code == 200
    assert response.text.count("There is nothing to show in this period") == 3
    assert "Nothing is counted yet" in response.text


def counts_of(question, quarter, **numbers):
    for genders, count in numbers.items():
        EvaluationCount.objects.create(
            theme="automation",
            quarter=quarter,
            question=question,
            genders=genders if genders == "woman" else "man,non_binary,unknown",
            age_groups="under_30,30_54,55_over,unknown",
            value=4,
            count=count,
        )


def test_evaluations_are_what_the_page_of_evaluations_prints():
    question = EvaluationQuestionFactory()
    counts_of(question, WINTER, woman=5, others=7)
    counts_of(question, SPRING, woman=9)

    inside = results_by_group_between(dt.date(2026, 2, 1), dt.date(2026, 3, 31))
    both = results_by_group_between(dt.date(2026, 3, 31), dt.date(2026, 4, 1))

    winter, spring = (ThemeQuarter("automation", day) for day in (WINTER, SPRING))
    assert inside == [(winter, results_by_group(winter))]
    assert [found for found, _results in both] == [spring, winter]
    rows = inside[0][1][0].rows
    assert [(row.label, row.scale.count) for row in rows] == [
        ("All who answered", 12),
        ("Women", 5),
        ("Men, non-binary people, gender unknown", 7),
    ]


def test_quarters_cost_one_query(django_assert_num_queries):
    for position in (1, 2, 3):
        question = EvaluationQuestionFactory(position=position)
        for quarter in (WINTER, SPRING):
            counts_of(question, quarter, woman=5)

    with django_assert_num_queries(1):
        results_by_group_between(WINTER, dt.date(2026, 6, 30))


def test_a_group_shows_number_and_mean_and_never_an_answer_more(browser):
    counts_of(EvaluationQuestionFactory(), WINTER, woman=5, others=7)

    text = browser.get(page("equal-treatment")).text

    assert "Automation, quarter 1 of 2026" in text
    assert text.count('<td class="num">4.0</td>') == 3


# A company's own


def own_page(company):
    return reverse("reporting:company-equal-treatment", args=[company.org_number])


def test_hr_reads_of_its_own_people_and_nothing_of_adaptations(client):
    ProgrammeFactory(starts_on=WINTER, ends_on=dt.date(2027, 12, 31))
    attended_and_absent()
    counts_of(EvaluationQuestionFactory(), WINTER, woman=5)
    hr = MembershipFactory()
    attend(ParticipantFactory(company=hr.company))
    client.force_login(hr.user)

    response = client.get(own_page(hr.company))

    gender = next(t for t in response.context["seats"] if t.key.endswith("by-gender"))
    assert gender.rows[-1] == (
        "All",
        ["1", "1", "1", "100.00%", "0", "0", "0", "0.00%"],
    )
    assert {"adaptations", "evaluations", "principles"}.isdisjoint(
        response.context.keys()
    )
    assert "Captions" not in response.text
    assert own_page(hr.company) in client.get("/").text
    assert client.get(own_page(CompanyFactory())).status_code == 404
    assert client.get(page("equal-treatment")).status_code == 404


def test_before_the_programme_begins_there_is_nothing(client):
    ProgrammeFactory(starts_on=dt.date(2999, 1, 1), ends_on=dt.date(2999, 12, 31))
    hr = MembershipFactory()
    client.force_login(hr.user)

    assert "The programme has not begun" in client.get(own_page(hr.company)).text


# 4R


def test_representation_and_resources_are_counted(browser):
    company = CompanyFactory()
    WorkforceSnapshot.objects.create(
        company=company,
        staff_group="all",
        reference_date=dt.date(2025, 12, 31),
        women=30,
        men=70,
        non_binary=0,
        source="Personalsystemet",
    )
    manager = {"company": company, "staff_group": StaffGroup.MANAGER}
    attend(ParticipantFactory(**manager, gender="woman"), minutes=90)
    attend(ParticipantFactory(**manager, gender="man"), minutes=240)
    attend(ParticipantFactory(company=company, gender="man"), minutes=210)

    context = browser.get(page("four-r")).context

    rows = {row.label: row for row in context["representation"]}
    assert rows["Employed, by the workforce baselines"] == ByGenderRow(
        "Employed, by the workforce baselines",
        ["30", "70", "0", "0", "100"],
        "30.00%",
    )
    assert rows["Persons who took part"].cells == ["1", "2", "0", "0", "3"]
    assert rows["Persons who took part, manager"].share == "50.00%"
    resources = {row.label: (row.cells, row.share) for row in context["resources"]}
    assert resources["Hours"] == (["1.50", "7.50", "0.00", "0.00", "9.00"], "16.67%")
    assert resources["Hours per person"] == (["1.50", "3.75", "–", "–", "3.00"], "–")
    assert resources["Had a seat"] == (["1", "2", "0", "0", "3"], "33.33%")


def write(period, leader, text, seen=0, part=AnalysisPart.REALIA):
    return write_analysis(period=period, part=part, text=text, seen=seen, actor=leader)


def test_each_saving_is_a_new_version(period, leader):
    write(period, leader, "Women are asked late.\r\n")
    write(period, leader, "Women are asked last.", seen=1)
    write(period, leader, "Ask earlier.", part=AnalysisPart.REALISE)

    versions = Analysis.objects.values_list("part", "number", "text", "written_by")
    assert list(versions) == [
        ("realia", 2, "Women are asked last.", leader.pk),
        ("realia", 1, "Women are asked late.", leader.pk),
        ("realise", 1, "Ask earlier.", leader.pk),
    ]
    acts = AuditEntry.objects.filter(action="reporting.analysis_written")
    assert acts.count() == 3


@pytest.mark.parametrize(
    ("text", "seen", "sentence"),
    [
        (" \n", 1, "Write something"),
        ("x" * 10_001, 1, "longer than 10000 characters"),
        ("Om 19850709-9805", 1, "seems to hold a personal number"),
        ("First.", 1, "Nothing is changed"),
        ("Second.", 0, "a newer version meanwhile"),
    ],
)
def test_what_is_no_new_version_is_refused(period, leader, text, seen, sentence):
    write(period, leader, "First.")

    with pytest.raises(DomainError, match=sentence):
        write(period, leader, text, seen=seen)

    assert Analysis.objects.count() == 1


def test_the_newest_version_is_shown_with_its_author_and_the_earlier_ones(
    browser, period, leader
):
    write(period, UserFactory(name="Bo Ek"), "Women are asked late.")
    write(period, leader, "Women are asked <b>last</b>.", seen=1)

    text = browser.get(page("four-r")).text

    assert "Women are asked &lt;b&gt;last&lt;/b&gt;." in text
    assert f"Version 2, written by {leader}" in text
    assert "Version 1, written by Bo Ek" in text
    assert text.index("asked &lt;b&gt;last") < text.index("asked late")


def test_two_who_write_at_once_lose_nothing(browser, period):
    opened = browser.get(page("four-r-write", "realia"))
    write(period, UserFactory(name="Bo Ek"), "By Bo.")

    form = {"text": "By Anna.", "seen": opened.context["form"]["seen"].value()}
    refused = browser.post(page("four-r-write", "realia"), form)

    assert "a newer version meanwhile" in refused.text
    assert "By Bo." in refused.text
    again = refused.context["form"]
    assert (again["text"].value(), again["seen"].value()) == ("By Anna.", 1)
    saved = browser.post(
        page("four-r-write", "realia"), {"text": "By both.", "seen": "1"}
    )
    assert saved.url == page("four-r")
    assert Analysis.objects.count() == 2


@pytest.mark.parametrize("form", [{}, {"text": "x", "seen": "-1"}, {"text": "a\0b"}])
def test_a_form_that_is_not_whole_is_asked_again(browser, form):
    response = browser.post(page("four-r-write", "realia"), form)

    assert response.status_code == 200
    assert not Analysis.objects.exists()


def test_there_is_no_other_part(browser):
    for method in (browser.get, browser.post):
        assert method(page("four-r-write", "resources")).status_code == 404


@pytest.mark.parametrize(
    ("name", "more"),
    [("equal-treatment", []), ("four-r", []), ("evidence", []), ("evidence-new", [])],
)
def test_a_period_that_was_not_made_is_not_found(browser, name, more):
    days = dt.date(2026, 1, 1), dt.date(2026, 1, 2)
    address = reverse(f"reporting:{name}", args=[*days, *more])

    assert browser.get(address).status_code == 404
    assert browser.post(address).status_code in {404, 405}


def test_the_period_leads_to_all_three(browser):
    text = browser.get(page("period")).text

    for name in ("equal-treatment", "four-r", "evidence"):
        assert page(name) in text
