"""A page that the browser looks at: whose, and what must exist before."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from accounts.tests.factories import UserFactory, make_funder, make_leader
from companies.tests.factories import MembershipFactory
from tests.browser import stages
from trainings.tests.factories import make_supplier

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
