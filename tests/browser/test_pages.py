"""Every page, in both languages, wide and narrow, with and without JavaScript.

A new page is a new line in PAGES.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.tests.factories import MembershipFactory
from tests.browser import stages
from tests.browser.windows import LANGUAGES, WIDTHS, check_page, check_width

pytestmark = pytest.mark.browser

ROLES: dict[str, Callable[[], User | None]] = {
    "stranger": lambda: None,
    "nobody": UserFactory,
    "leader": make_leader,
    "hr": lambda: MembershipFactory().user,
    "funder": make_funder,
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
    Case("cookies", "stranger"),
    Case("cookies", "leader"),
    Case("/no-such-page/", "stranger", status=404),
    Case("/no-such-page/", "leader", stages.a_programme_under_way, status=404),
    Case("admin:index", "hr", status=403),
    Case("account_login", "stranger"),
    Case("account_signup", "stranger"),
    Case("account_inactive", "stranger"),
    Case("account_email_verification_sent", "stranger"),
    Case("account_confirm_email", "stranger", args=("gone",)),
    Case("account_reset_password", "stranger"),
    Case("account_reset_password_done", "stranger"),
    Case("account_reset_password_from_key", "stranger", args=("1", "gone")),
    Case("account_reset_password_from_key_done", "stranger"),
    Case("account_logout", "hr"),
    Case("account_email", "hr"),
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
    Case("admin:trainings_occasion_change", "leader", stages.an_occasion),
    Case("admin:accounts_user_changelist", "leader"),
    Case("admin:accounts_user_add", "leader"),
    Case("companies:participants", "hr"),
    Case("companies:participants", "hr", stages.a_programme_under_way),
    Case("companies:participants", "leader", stages.a_programme_under_way),
    Case("companies:participant-new", "hr"),
    Case("companies:participant", "hr", stages.a_colleague),
    Case("companies:participant-change", "hr", stages.a_colleague),
    Case("trainings:uploads", "hr"),
    Case("trainings:upload-new", "hr"),
    Case("trainings:occasions", "hr", stages.a_programme_under_way),
    Case("trainings:occasion", "hr", stages.an_open_occasion),
    Case("trainings:nominate", "hr", stages.an_open_occasion),
    Case("trainings:occasions", "leader", stages.a_programme_under_way),
    Case("trainings:occasion", "leader", stages.an_open_occasion),
    Case("trainings:attendance", "leader", stages.an_open_occasion),
    Case("trainings:occasion-step", "leader", stages.an_occasion_to_cancel),
    Case("trainings:withdraw", "hr", stages.a_colleagues_seat),
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
    for width in WIDTHS[1:]:
        window.resize(width)
        check_page(window)


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
