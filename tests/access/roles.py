"""Who asks, and in which words the table says so."""

from __future__ import annotations

from dataclasses import dataclass

# Rows asked for belong to the company of `hr`, to the occasion of `supplier` and to
# `participant`. The others are their like elsewhere, or were theirs once.
STRANGERS = ("stranger",)
SIGNED_IN = (
    "nobody",
    "former_hr",
    "other_hr",
    "hr",
    "leader",
    "funder",
    "supplier",
    "other_supplier",
    "former_supplier",
)
BY_LINK = ("participant", "other_participant", "former_participant")
ROLES = (*STRANGERS, *SIGNED_IN, *BY_LINK)

OK, MOVED, NOT_FOUND = 200, 302, 404
SIGN_IN = "sign in"  # Moved to the page for signing in, which leads back.

ALL_HR = ("hr", "other_hr")
ALL_SUPPLIERS = ("supplier", "other_supplier")


@dataclass(frozen=True)
class Rule:
    """Who gets `answer`; everybody else gets what is behind a closed door."""

    who: frozenset[str]
    answer: int = OK
    closed_to_strangers: int | str = SIGN_IN
    to_other_users: int = NOT_FOUND

    @property
    def is_open(self) -> bool:
        return "stranger" in self.who

    def answer_to(self, role: str) -> int | str:
        if role in self.who:
            return self.answer
        is_user = role in SIGNED_IN
        return self.to_other_users if is_user else self.closed_to_strangers


def look(*who: str) -> Rule:
    """Only these roles see the page."""
    return Rule(frozenset(who))


def act(*who: str, answer: int = MOVED) -> Rule:
    """Only these roles may do it; done, it leads to another page."""
    return Rule(frozenset(who), answer)


def by_link(*who: str, answer: int = OK) -> Rule:
    """A page of participants, who have no account: closed, it is just not there."""
    return Rule(frozenset(who), answer, closed_to_strangers=NOT_FOUND)


def everybody(answer: int = OK) -> Rule:
    """Open to strangers, too."""
    return Rule(frozenset(ROLES), answer)


def signed_in(answer: int = OK) -> Rule:
    """Open to everyone who has an account."""
    return Rule(frozenset(SIGNED_IN), answer)


def entrance(answer: int = OK, *, to_users: int = MOVED) -> Rule:
    """For whoever has not signed in; who has is led on."""
    outside = frozenset(STRANGERS + BY_LINK)
    return Rule(outside, answer, to_other_users=to_users)


def must_enrol() -> Rule:
    """Asks those for a second factor who need one; others are led on."""
    needy = frozenset({"leader", "funder", *ALL_SUPPLIERS})
    return Rule(needy, to_other_users=MOVED)
