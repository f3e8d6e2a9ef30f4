"""What the editable pages are told about this portal: `{{ owner }}` and the like."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from companies.models import Programme


def page_facts() -> dict[str, str]:
    """Return what may stand in a page by its name, in the active language.

    What the programme does not say yet is a blank, which the page counts.
    """
    programme = Programme.objects.first()
    if programme is None:
        programme = Programme(owner="", name="", number="", note_weeks=8)
    kept = programme.retain_until
    return {
        "owner": programme.owner or _("[Fill in: the project owner]"),
        "programme": programme.name or _("[Fill in: the name of the project]"),
        "number": programme.number or _("[Fill in: the number of the project]"),
        "retain_until": (
            date_format(kept, "j F Y")
            if kept
            else _("[Fill in: the last day of keeping]")
        ),
        "note_weeks": str(programme.note_weeks),
    }
