"""How far somebody saw when a file was made, to be asked again before it is fetched."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from accounts.models import User
from companies.scoping import companies_of
from trainings.models import Provider


@dataclass(frozen=True, slots=True)
class Sight:
    """Whose rows a user sees, as `visible_to` decides: by role, company, supplier."""

    is_leader: bool
    sees_protected: bool
    companies: tuple[int, ...]
    providers: tuple[int, ...]

    @classmethod
    def of(cls, user: User) -> Sight:
        return cls(
            is_leader=user.is_project_leader,
            sees_protected=user.has_perm("companies.view_protected_identities"),
            companies=tuple(sorted(companies_of(user))),
            providers=tuple(
                Provider.objects.run_by(user)
                .order_by("pk")
                .values_list("pk", flat=True)
            ),
        )

    @classmethod
    def from_record(cls, record: dict) -> Sight:
        both = {name: tuple(record[name]) for name in ("companies", "providers")}
        return cls(**record | both)

    def as_record(self) -> dict:
        return asdict(self)

    def reaches(self, other: Sight) -> bool:
        """Tell whether whoever sees this far may read what was made for the other.

        A leader's file is for leaders alone; HR's for HR of all those companies.
        """
        if other.is_leader:
            return self.is_leader and (self.sees_protected or not other.sees_protected)
        return (
            self.is_leader == other.is_leader
            and set(other.companies) <= set(self.companies)
            and set(other.providers) <= set(self.providers)
        )
