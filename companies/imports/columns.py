"""The columns of a list of people. Headings are a contract, not a language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial

from companies.imports import values
from companies.imports.values import Read


@dataclass(frozen=True, slots=True)
class Column:
    """One thing that a list may say of a person.

    `headings` are what it may be called, in lower case; the first is ours.
    `heading` is how we write it. A new person needs what is `required`. A number
    that a spreadsheet made of the cell has lost zeros up to so many `digits`.
    """

    field: str
    heading: str
    headings: tuple[str, ...]
    required: bool = False
    digits: int = 0
    choices: tuple[str, ...] = ()
    example: str = ""


NUMBER, FAMILY_NAME, OCCASION = "personal_number", "family_name", "occasion"
# From the tax agency's numbers for tests: whoever bears it is the example row.
EXAMPLE_NUMBER = "190001019801"

COLUMNS = (
    Column(
        NUMBER,
        "Personnummer",
        (
            "personnummer",
            "personnr",
            "pnr",
            "personal number",
            "personal identity number",
        ),
        required=True,
        digits=10,
        example=f"{EXAMPLE_NUMBER[:8]}-{EXAMPLE_NUMBER[8:]}",
    ),
    Column(
        "given_name",
        "Förnamn",
        ("förnamn", "tilltalsnamn", "first name", "given name"),
        required=True,
        example="Exempel",
    ),
    Column(
        FAMILY_NAME,
        "Efternamn",
        ("efternamn", "last name", "family name", "surname"),
        required=True,
        example="Exempelsson",
    ),
    Column(
        "gender",
        "Kön",
        ("kön", "gender", "sex"),
        choices=("Kvinna", "Man", "Icke-binär", "Okänt"),
        example="Kvinna",
    ),
    Column(
        "email",
        "E-post",
        ("e-post", "epost", "e-postadress", "mejl", "email", "e-mail"),
        example="exempel@example.org",
    ),
    Column(
        "mobile",
        "Mobil",
        ("mobil", "mobilnummer", "telefon", "mobile", "phone"),
        example="070-174 06 35",
    ),
    Column(
        "job_title",
        "Befattning",
        ("befattning", "titel", "job title", "title"),
        example="Underhållsmekaniker",
    ),
    Column(
        "role_code",
        "Yrkesroll",
        ("yrkesroll", "ssyk", "role", "role code"),
        digits=4,
        example="7233",
    ),
    Column(
        "staff_group",
        "Personalgrupp",
        ("personalgrupp", "grupp", "staff group"),
        choices=("Arbetare", "Tjänsteman", "Chef"),
        example="Arbetare",
    ),
    Column(OCCASION, "Kurstillfälle", ("kurstillfälle", "tillfälle", "occasion")),
)
COLUMN_OF = {column.field: column for column in COLUMNS}
FIELD_OF_HEADING = {
    heading: column.field for column in COLUMNS for heading in column.headings
}


@dataclass(frozen=True, slots=True)
class Rules:
    """How cells are read on a day: `read` has all columns but the number's."""

    today: dt.date
    read: Mapping[str, Read]


def rules_of(*, today: dt.date, open_occasions: Collection[str]) -> Rules:
    text = partial(values.read_text, limit=100)
    refs = {ref.lower(): ref for ref in open_occasions}
    return Rules(
        today,
        {
            "given_name": text,
            FAMILY_NAME: text,
            "gender": values.read_gender,
            "email": values.read_email,
            "mobile": values.read_mobile,
            "job_title": text,
            "role_code": values.read_role_code,
            "staff_group": values.read_staff_group,
            OCCASION: partial(values.read_word, words=refs, code="occasion"),
        },
    )
