"""Every page, in both languages, wide and narrow, with and without JavaScript.

A new page is a new line in PAGES.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import resolve, reverse

from accounts.models import User
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.tests.factories import MembershipFactory
from tests.access.table import GET
from tests.browser import (
    evaluation_stages,
    hour_stages,
    kiosk_stages,
    paper_stages,
    stages,
    training_stages,
)
from tests.browser.windows import LANGUAGES, WIDTHS, check_page, check_width
from trainings.tests.factories import make_supplier

pytestmark = pytest.mark.browser

ROLES: dict[str, Callable[[], User | None]] = {
    "stranger": lambda: None,
    "nobody": UserFactory,
    "leader": make_leader,
    "hr": lambda: MembershipFactory().user,
    "funder": make_funder,
    "supplier": make_supplier,
}

Needs = Callable[[User | None], tuple | None]


@dataclass(frozen=True)
class Case:
    """A page, who looks at it, and what must exist before.

    `view` is a name or a path. `needs` makes rows, and may return the arguments of
    the address.
    """

    view: str
    role: str
    needs: Needs = stages.nothing
    args: tuple[str, ...] = ()
    status: int = 200

    def __str__(self) -> str:
        return f"{self.view} as {self.role}, {self.needs.__name__}"

    def prepare(self) -> tuple[User | None, str]:
        """Make the user and the rows; return the user and the address."""
        user = ROLES[self.role]()
        made = self.needs(user) or ()
        if self.view.startswith("/"):
            return user, self.view
        return user, reverse(self.view, args=self.args or made)


PAGES = [
    Case("home", "leader"),
    Case("home", "leader", stages.a_programme_under_way),
    Case("home", "hr"),
    Case("home", "hr", stages.a_programme_under_way),
    Case("home", "funder", stages.a_programme_under_way),
    Case("home", "nobody"),
    Case("home", "supplier"),
    Case("/", "supplier", training_stages.an_occasion_of_theirs),
    Case("/no-such-page/", "stranger", status=404),
    Case("/no-such-page/", "leader", stages.a_programme_under_way, status=404),
    Case("admin:index", "hr", status=404),
    Case("account_login", "stranger"),
    Case("account_signup", "stranger"),
    Case("account_inactive", "stranger"),
    Case("account_reset_password", "stranger"),
    Case("account_reset_password_done", "stranger"),
    Case("account_reset_password_from_key", "stranger", args=("1", "gone")),
    Case("account_reset_password_from_key_done", "stranger"),
    Case("account_logout", "hr"),
    Case("account_change_password", "hr"),
    Case("account_reauthenticate", "hr"),
    Case("admin:login", "stranger"),
    Case("admin:index", "leader"),
    Case("admin:companies_company_changelist", "leader", stages.a_programme_under_way),
    Case("admin:companies_company_add", "leader"),
    Case("admin:companies_company_change", "leader", stages.a_company),
    Case(
        "admin:companies_workforcesnapshot_history",
        "leader",
        stages.a_new_headcount,
    ),
    Case("admin:trainings_occasion_change", "leader", training_stages.an_occasion),
    Case("admin:accounts_user_changelist", "leader"),
    Case("admin:accounts_user_add", "leader"),
    Case("/admin/accounts/outboxmessage/", "leader", stages.a_letter),
    Case("admin:accounts_outboxmessage_change", "leader", stages.a_letter),
    Case("/admin/accounts/invitation/", "leader", stages.an_invitation),
    Case("admin:accounts_invitation_change", "leader", stages.an_invitation),
    Case("/admin/accounts/auditentry/", "leader", stages.an_entry),
    Case("admin:accounts_auditentry_change", "leader", stages.an_entry),
    Case("admin:accounts_messagetemplate_changelist", "leader"),
    Case("admin:accounts_messagetemplate_words", "leader", args=("offered", "sv")),
    Case("admin:trainings_notice_changelist", "leader"),
    Case("admin:trainings_provider_change", "leader", training_stages.a_provider),
    Case("admin:companies_participant_history", "leader", stages.a_changed_person),
    Case("admin:trainings_enrolment_history", "leader", training_stages.a_changed_seat),
    Case("admin:trainings_attendance_history", "leader", training_stages.changed_time),
    Case("pages:accessibility", "stranger"),
    Case("pages:privacy", "stranger"),
    Case("pages:cookies", "stranger"),
    Case("pages:accessibility", "leader"),
    Case("/about/privacy/", "leader", stages.a_written_page),
    Case("pages:edit", "leader", args=("accessibility", "sv")),
    Case("pages:edit", "leader", stages.a_written_page),
    Case("rights", "leader", stages.somebody_invited),
    Case("rights", "hr", stages.somebody_invited),
    Case("rights", "supplier"),
    Case("rights", "nobody"),
    Case("invite", "leader", args=("hr",)),
    Case("invite", "leader", args=("supplier",)),
    Case("invite", "leader", args=("funder",)),
    Case("invite", "leader", args=("leader",)),
    Case("invite", "hr", args=("hr",)),
    Case("right-end", "leader", stages.a_right_to_end),
    Case("right-end", "hr", stages.a_right_to_end),
    Case("invitation", "stranger", stages.somebody_unknown_invited),
    Case("invitation", "stranger", stages.somebody_with_an_account_invited),
    Case("invitation", "hr", stages.somebody_unknown_invited),
    Case("invitation", "stranger", args=("gone",), status=404),
    Case("trail:entries", "leader"),
    Case("trail:entries", "leader", stages.a_trail),
    Case("companies:participants", "hr"),
    Case("companies:participants", "hr", stages.a_programme_under_way),
    Case("companies:participants", "leader", stages.a_programme_under_way),
    Case("companies:participant-new", "hr"),
    Case("companies:participant", "hr", stages.a_colleague),
    Case("companies:participant", "hr", stages.a_person_with_rights_used),
    Case("companies:participant", "leader", stages.a_person_with_rights_used),
    Case("companies:participant", "hr", stages.a_restricted_person),
    Case("companies:participant", "leader", stages.a_restricted_person),
    Case("companies:participant-change", "hr", stages.a_colleague),
    Case("companies:participant-change", "hr", stages.a_confirmed_colleague),
    Case("companies:participant", "leader", stages.a_confirmed_person),
    Case("companies:contact-release", "leader", stages.a_confirmed_contact),
    Case("companies:duplicates", "hr"),
    Case("/people/duplicates/", "hr", stages.rows_that_look_alike),
    Case("/people/duplicates/", "leader", stages.rows_that_look_alike),
    Case("companies:merge", "hr", stages.rows_that_look_alike),
    Case("companies:corrections", "hr"),
    Case("/people/corrections/", "hr", stages.a_correction),
    Case("/people/corrections/", "leader", stages.a_correction),
    Case("companies:correction", "hr", stages.a_correction),
    Case("companies:correction", "hr", stages.a_declined_correction),
    Case("privacy:person", "leader", stages.a_person_with_rights_used),
    Case("privacy:person", "leader", stages.a_restricted_person),
    Case("workforce", "hr"),
    Case("workforce", "hr", stages.a_programme_under_way),
    Case("/workforce/", "leader", stages.a_new_headcount),
    Case("trainings:needs", "hr"),
    Case("/needs/", "hr", training_stages.needs_of_two),
    Case("/needs/", "leader"),
    Case("/needs/", "leader", training_stages.needs_of_two),
    Case("trainings:need-list", "leader", training_stages.needs_of_two),
    Case("trainings:need-new", "hr"),
    Case("trainings:need-new", "leader", training_stages.needs_of_two),
    Case("trainings:need-plan", "leader"),
    Case("/needs/plan/?theme=automation", "leader", training_stages.needs_of_two),
    Case("trainings:need", "hr", training_stages.a_planned_need),
    Case("trainings:need", "leader", training_stages.a_planned_need),
    Case("trainings:need-change", "hr", training_stages.a_planned_need),
    Case("trainings:need-withdraw", "hr", training_stages.a_planned_need),
    Case("trainings:uploads", "hr"),
    Case("trainings:upload-new", "hr"),
    Case("trainings:occasions", "hr", stages.a_programme_under_way),
    Case("trainings:occasion", "hr", training_stages.an_open_occasion),
    Case("trainings:nominate", "hr", training_stages.an_open_occasion),
    Case("trainings:occasions", "leader", stages.a_programme_under_way),
    Case("trainings:occasion", "leader", training_stages.an_open_occasion),
    Case("trainings:attendance", "leader", training_stages.an_open_occasion),
    Case("trainings:occasion-step", "leader", training_stages.an_occasion_to_cancel),
    Case(
        "trainings:occasion-step",
        "leader",
        training_stages.an_occasion_that_is_not_ready,
    ),
    Case("trainings:occasion-go", "leader", training_stages.an_undecided_occasion),
    Case("trainings:occasion", "leader", training_stages.an_undecided_occasion),
    Case("trainings:occasion-copy", "leader", training_stages.an_open_occasion),
    Case("trainings:plan", "leader", training_stages.a_plan),
    Case("trainings:plan", "supplier", training_stages.a_plan),
    Case("trainings:plan", "supplier", training_stages.an_empty_plan),
    Case("trainings:plan", "supplier", training_stages.a_settled_plan),
    Case("trainings:occasion", "supplier", training_stages.a_settled_plan),
    Case("trainings:plan-change", "leader", training_stages.a_plan),
    Case("trainings:plan-card", "supplier", training_stages.an_empty_plan),
    Case("trainings:plan-sessions", "supplier", training_stages.a_plan),
    Case("trainings:plan-session", "supplier", training_stages.a_session_of_a_plan),
    Case("trainings:occasions", "supplier"),
    Case("/occasions/", "supplier", training_stages.an_occasion_of_theirs),
    Case("trainings:occasion", "supplier", training_stages.an_occasion_of_theirs),
    Case("trainings:attendance", "supplier", training_stages.an_occasion_of_theirs),
    Case("trainings:accommodations", "supplier"),
    Case("/accommodations/", "supplier", training_stages.requests_of_theirs),
    Case(
        "/accommodations/?show=earlier", "supplier", training_stages.requests_of_theirs
    ),
    Case("/accommodations/", "leader", training_stages.requests_of_theirs),
    Case("trainings:accommodation", "supplier", training_stages.a_request_to_answer),
    Case("trainings:accommodation", "supplier", training_stages.an_answered_request),
    Case("trainings:accommodation-new", "supplier", training_stages.a_seat_with_all),
    Case("trainings:accommodation-new", "hr", stages.a_colleagues_seat),
    Case("trainings:accommodation-withdraw", "hr", training_stages.a_need_written_down),
    Case("trainings:sheet", "leader", training_stages.a_session_to_sign),
    Case("trainings:sheet", "supplier", training_stages.a_session_to_sign),
    Case("trainings:scans", "supplier", training_stages.a_session_to_sign),
    Case("trainings:scans", "leader", paper_stages.scans_of_a_session),
    Case("trainings:scan", "supplier", paper_stages.a_picture_of_a_sheet),
    Case("trainings:scan", "supplier", paper_stages.a_scan),
    Case("trainings:scan-remove", "supplier", paper_stages.a_scan),
    Case("trainings:months", "hr"),
    Case("/months/?month=2026-03", "hr", paper_stages.a_month),
    Case("/months/?month=2026-03", "leader", paper_stages.a_month),
    Case("trainings:parcel", "hr", paper_stages.a_parcel),
    Case("trainings:parcel", "hr", paper_stages.a_parcel_on_its_way),
    Case("trainings:parcel", "hr", paper_stages.a_failed_parcel),
    Case("trainings:parcel", "leader", paper_stages.a_parcel_that_is_gone),
    Case("trainings:calendar", "leader"),
    Case("/calendar/", "leader", training_stages.sessions_this_month),
    Case("/calendar/", "hr", training_stages.sessions_this_month),
    Case("/calendar/", "supplier", training_stages.sessions_this_month),
    Case("trainings:calendar-subscribe", "hr"),
    Case("/calendar/subscribe/", "supplier", stages.a_calendar_address),
    Case("trainings:seat", "hr", training_stages.a_seat_with_all),
    Case("trainings:seat", "leader", training_stages.a_seat_with_all),
    Case("trainings:seat", "supplier", training_stages.a_seat_with_all),
    Case("trainings:kiosks", "supplier"),
    Case("/kiosks/", "supplier", kiosk_stages.a_kiosk),
    Case("/kiosks/", "leader", kiosk_stages.a_kiosk),
    Case("trainings:kiosk-code", "supplier", kiosk_stages.a_seat_of_theirs),
    Case("companies:kiosk-code", "leader", kiosk_stages.a_person),
    Case("trainings:disputes", "supplier"),
    Case("/disputes/", "supplier", hour_stages.a_dispute_of_theirs),
    Case("/disputes/", "leader", hour_stages.a_dispute_of_theirs),
    Case("/disputes/?show=answered", "supplier", hour_stages.an_answered_dispute),
    Case("trainings:dispute", "supplier", hour_stages.a_dispute_of_theirs),
    Case("trainings:dispute", "leader", hour_stages.an_answered_dispute),
    Case("trainings:correct-time", "supplier", hour_stages.a_certified_time),
    Case("trainings:seat", "supplier", hour_stages.a_seat_with_corrected_time),
    Case("trainings:certifications", "leader"),
    Case("/certifications/", "leader", hour_stages.certified_hours_that_hold),
    Case("/certifications/", "leader", hour_stages.certified_hours_that_were_changed),
    Case("trainings:certificates", "leader", training_stages.a_completed_course),
    Case("certificates:verify", "stranger"),
    Case("certificates:verified", "stranger", training_stages.a_certificate),
    Case("trainings:withdraw", "hr", stages.a_colleagues_seat),
    Case("trainings:occasion", "hr", training_stages.a_line_with_an_offer),
    Case("trainings:occasion", "leader", training_stages.a_line_with_an_offer),
    Case("trainings:offer", "hr", training_stages.a_seat_offered_to_a_colleague),
    Case("trainings:offer", "hr", stages.a_colleagues_seat),
    Case("trainings:substitute", "hr", stages.a_colleagues_seat),
    Case("trainings:quotas", "leader", training_stages.an_occasion_with_a_quota),
    Case("trainings:evaluations", "leader"),
    Case("trainings:evaluations", "leader", evaluation_stages.counted),
    Case("trainings:evaluation", "leader", evaluation_stages.not_over),
    Case("trainings:evaluation", "leader", evaluation_stages.too_few),
    Case("trainings:evaluation", "leader", evaluation_stages.evaluated),
    Case("trainings:evaluation-course", "leader", evaluation_stages.evaluated_course),
    Case("trainings:evaluation-groups", "leader"),
    Case("trainings:evaluation-groups", "leader", evaluation_stages.counted),
    Case("/admin/trainings/evaluationquestion/", "leader", evaluation_stages.counted),
    Case("trainings:upload", "hr", stages.a_list_with_errors),
    Case("trainings:upload", "hr", stages.a_list_to_confirm),
    Case("trainings:upload", "hr", stages.a_file_without_a_list),
    Case("trainings:upload-row", "hr", stages.a_row_with_errors),
    Case("reporting:periods", "leader"),
    Case("reporting:periods", "funder"),
    Case("reporting:period", "leader", stages.a_period),
    Case("reporting:export", "leader", stages.a_workbook_on_its_way),
    Case("reporting:export", "leader", stages.a_failed_workbook),
    Case("reporting:export", "leader", stages.a_workbook),
    Case("reporting:export", "leader", stages.a_released_workbook),
    Case("reporting:export", "funder", stages.a_released_workbook),
    Case("reporting:export-release", "leader", stages.a_workbook),
]


# In test_sign_in.py, test_own_page.py and test_kiosk.py; or a file, a fragment, or no
# page at all.
ELSEWHERE = (
    "account_",
    "kiosk:",
    "mfa_",
    "usersessions_",
    "socialaccount_",
    "openid_",
    "own:",
)
NO_PAGES = {
    "certificates:pdf",
    "trainings:attendance-file",
    "trainings:calendar-feed",
    "trainings:parcel-download",
    "trainings:parcel-status",
    "trainings:scan-file",
    "health",
    "second-factor",
    "trainings:upload-template",
    "trainings:upload-status",
    "trainings:upload-errors",
    "reporting:export-status",
    "reporting:export-download",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", PAGES, ids=str)
def test_a_page_is_accessible_and_keeps_to_the_policy(
    open_window, sign_in, case, language
):
    user, address = case.prepare()
    window = open_window(language)
    if user:
        sign_in(window, user)

    response = window.go(address)

    assert response.status == case.status
    check_page(window)
    # The other language has other words and no other structure: it is measured only.
    check = check_page if language == LANGUAGES[0] else check_width
    for width in WIDTHS[1:]:
        window.resize(width)
        check(window)


@pytest.mark.parametrize("case", PAGES, ids=str)
def test_a_page_is_whole_without_javascript(open_window, sign_in, case):
    user, address = case.prepare()
    window = open_window(script=False)
    if user:
        sign_in(window, user)

    response = window.go(address)

    assert response.status == case.status
    assert window.page.locator("h1").count() == 1
    for width in WIDTHS:
        window.resize(width)
        check_width(window)


def test_every_page_of_the_portal_is_looked_at():
    names = {
        resolve(case.view.partition("?")[0]).view_name
        if case.view.startswith("/")
        else case.view
        for case in PAGES
        if case.view != "/no-such-page/"
    }

    wanted = {name for name in GET if not name.startswith(ELSEWHERE)}

    assert wanted - names == NO_PAGES
