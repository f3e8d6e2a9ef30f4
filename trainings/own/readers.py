"""Who may see a participant and who has looked, in words to the participant.

What the trail and the rules of access tell of "a person" is told here to that person.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import takewhile

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actions import sentence_of
from companies.models import Participant
from trainings.access import Reader, who_may_see
from trainings.looks import Look, looked_at

# By action; each reading of the trail is here.
TO_YOU: Mapping[str, Promise] = {
    "admin.history_read": _("Read earlier values of your data in the administration"),
    "admin.listed": _("Saw you in a list in the administration"),
    "admin.looked_up": _("Looked you up in a form of the administration"),
    "admin.read": _("Read your data in the administration"),
    "companies.compared": _("Compared you with a row that may also be about you"),
    "companies.correction_read": _("Read a correction that you have asked for"),
    "companies.corrections_listed": _("Saw in a list that you asked for a correction"),
    "companies.list_errors_fetched": _(
        "Downloaded the rows with errors of a list, yours too"
    ),
    "companies.list_read": _("Read an uploaded list that you are in"),
    "companies.list_row_read": _("Opened your row of an uploaded list"),
    "companies.listed": _("Saw you in a list of people"),
    "companies.listed_duplicates": _(
        "Saw you in a list of rows that may be about one person"
    ),
    "companies.read": _("Opened the page about you"),
    "kompetenslyft.access_copy_made": _(
        "Downloaded a copy of all that is held about you"
    ),
    "kompetenslyft.consequences_read": _("Looked at what erasing your data would mean"),
    "kompetenslyft.dumped_programme": _("Exported the whole programme, with your data"),
    "reporting.completeness_read": _("Saw that your data leave an indicator open"),
    "reporting.list_fetched": _("Downloaded a list that you are in"),
    "reporting.rows_read": _("Saw you among the rows behind a figure, without name"),
    "reporting.statistics_fetched": _(
        "Downloaded files for Statistics Sweden with a row about you"
    ),
    "reporting.statistics_read": _(
        "Saw you in the check of a month for Statistics Sweden"
    ),
    "trainings.accommodation_read": _("Read a request of yours for an adaptation"),
    "trainings.accommodations_listed": _(
        "Saw your request for an adaptation in a list"
    ),
    "trainings.dispute_read": _("Read what you wrote about a time that is wrong"),
    "trainings.disputes_listed": _("Saw in a list that you dispute a time"),
    "trainings.attendance_fetched": _(
        "Downloaded who was at an occasion that you are enrolled in"
    ),
    "trainings.certificate_fetched": _("Downloaded a certificate of yours"),
    "trainings.month_read": _("Saw your hours of a month in a list"),
    "trainings.parcel_fetched": _(
        "Downloaded the certificates of a month, yours among them"
    ),
    "trainings.scan_read": _("Opened the scan of a sheet that you may have signed"),
    "trainings.sheet_read": _("Opened an attendance sheet that you are on"),
    "trainings.roster_read": _("Read who is on an occasion that you are enrolled in"),
    "trainings.seat_read": _("Read about your place on an occasion"),
}
# What is done about somebody, where the trail's own words speak of "a person".
DONE_TO_YOU: Mapping[str, Promise] = {
    "reporting.list_made": _("Had a list made with you in it"),
    "accounts.trail_read": _("Searched for you in the audit trail"),
    "companies.code_failed": _("Typed a wrong code to your page"),
    "companies.code_opened": _("Opened your page by a code"),
    "companies.code_sent": _("Had a code to your page sent to you"),
    "companies.code_spent": _("Typed a fifth wrong code to your page: it is ended"),
    "companies.contact_code_asked": _("Asked for a code to confirm an address"),
    "companies.contact_confirmed": _("Confirmed an address or mobile of yours"),
    "companies.contact_released": _(
        "Released an address or mobile that you had confirmed"
    ),
    "companies.contact_releasing_refused": _(
        "Tried to release an address or mobile of yours, and could not"
    ),
    "companies.contact_removed": _("Removed an address or mobile of yours"),
    "companies.correction_asked": _("Asked for a correction of your data"),
    "companies.correction_corrected": _("Made the correction that you asked for"),
    "companies.correction_declined": _("Declined the correction that you asked for"),
    "companies.judged_not_duplicate": _(
        "Found that a row like yours is about somebody else"
    ),
    "companies.kiosk_code_chosen": _("Chose your own code for kiosks"),
    "companies.kiosk_code_issued": _("Gave you a code for kiosks, against identity"),
    "companies.kiosk_code_rests": _(
        "Typed five wrong codes with your name at a kiosk: your code rested"
    ),
    "companies.kiosk_code_spent": _(
        "Typed ten wrong codes with your name at a kiosk: your code ended"
    ),
    "companies.kiosk_entered": _("Opened your page at a kiosk"),
    "companies.kiosk_failed": _("Typed a wrong code with your name at a kiosk"),
    "companies.link_made": _("Made a link to your page"),
    "companies.link_opened": _("Opened the link to your page"),
    "companies.link_revoked": _("Ended the links to your page"),
    "companies.link_revoking_refused": _(
        "Tried to end the links to your page, and could not"
    ),
    "companies.link_sending_refused": _(
        "Tried to send the link to your page, and could not"
    ),
    "companies.link_sent": _("Sent you the link to your page"),
    "companies.list_saved": _("Saved an uploaded list that you are in"),
    "companies.list_taken_back": _("Took back a saved list that you are in"),
    "companies.merged": _("Put together two rows that are about you"),
    "companies.participant_added": _("Entered you"),
    "companies.participant_changed": _("Changed your data"),
    "companies.restricted": _("Restricted your data: they are kept and not used"),
    "companies.restriction_lifted": _("Let your data be used again"),
    "companies.unmerged": _("Took apart two rows that had been put together"),
    "trainings.accommodation_arranged": _("Arranged an adaptation for you"),
    "trainings.accommodation_asked": _("Asked for an adaptation for you"),
    "trainings.accommodation_declined": _("Declined an adaptation for you"),
    "trainings.accommodation_outcome_told": _("Said how an adaptation for you went"),
    "trainings.accommodation_withdrawn": _(
        "Took back a request for an adaptation for you"
    ),
    "trainings.accommodations_escalated": _(
        "Told project leaders that you have got no answer in time"
    ),
    "trainings.accommodations_reminded": _(
        "Reminded the supplier that you wait for an answer"
    ),
    "trainings.attendance_corrected": _("Corrected your time at a session"),
    "trainings.attendance_recorded": _("Recorded your time at a session"),
    "trainings.declined": _("Declined your nomination"),
    "trainings.dispute_kept": _("Answered that a time that you disputed stays"),
    "trainings.hours_certified": _("Certified your hours"),
    "trainings.hours_disputed": _("Disputed your time at a session"),
    "trainings.letters_chosen": _("Chose which letters you get"),
    "trainings.nominated": _("Nominated you for an occasion"),
    "trainings.offer_accepted": _("Said yes to a seat that was offered to you"),
    "trainings.offer_declined": _("Said no to a seat that was offered to you"),
    "trainings.offers_ended": _("The offer of a seat to you ran out"),
    "trainings.scan_attached": _(
        "Attached the scan of a sheet that you may have signed"
    ),
    "trainings.scan_removed": _("Removed the scan of a sheet that you may have signed"),
    "trainings.seats_given": _("Gave you a seat on an occasion, or left you in line"),
    "trainings.seats_offered": _("A seat was offered to you"),
    "trainings.substituted": _("Passed a seat on, to you or from you"),
    "trainings.withdrawn": _("Took you off an occasion"),
}
_WHY = {
    _("The company employs the people and entered them."): _(
        "It is your employer, and has entered your data."
    ),
    _("They run the programme."): _("They run the programme that you take part in."),
    _("Gives training in which the person has a seat."): _(
        "Gives training that you are or were enrolled in."
    ),
}
_WORD = re.compile(r"\w+")
_SHORTEST_PLACE = 2  # Words, for one may be a family name.
_SHORTEST_ENDING = 6  # Of a compound: a supplier in the name of a training supplier.


@dataclass(frozen=True, slots=True)
class Sighting:
    """What somebody did on one day, `count` times from `first` to `last`."""

    by: str
    what: str
    first: dt.datetime
    last: dt.datetime
    count: int

    @property
    def is_within_a_minute(self) -> bool:
        return f"{self.first:%H:%M}" == f"{self.last:%H:%M}"


def told_to_you(action: str) -> str:
    """Return what an action is called to the participant whom it is about."""
    told = TO_YOU.get(action) or DONE_TO_YOU.get(action)
    return str(told) if told else sentence_of(action)


def own_readers(participant: Participant) -> list[Reader]:
    """List who may see the participant; without names where the role says them all."""
    why = {str(told): str(to_you) for told, to_you in _WHY.items()}
    return [
        replace(
            reader,
            names=() if _names_all(reader) else reader.names,
            why=why.get(reader.why, reader.why),
        )
        for reader in who_may_see(participant)
    ]


def own_sightings(participant: Participant) -> list[Sighting]:
    """List who has looked at the participant, the latest first."""
    return by_day(looked_at(participant))


def by_day(looks: Iterable[Look]) -> list[Sighting]:
    """Put together what the same person did in the same way on one Swedish day."""
    times: dict[tuple[dt.date, str, str], list[dt.datetime]] = defaultdict(list)
    for look in looks:
        what = told_to_you(look.action)
        key = timezone.localdate(look.at), _named(look), what
        times[key].append(look.at)
    sightings = [
        Sighting(by, what, first=min(at), last=max(at), count=len(at))
        for (_day, by, what), at in times.items()
    ]
    return sorted(sightings, key=lambda one: one.last, reverse=True)


def _names_all(reader: Reader) -> bool:
    return all(_says(reader.role, name) for name in reader.names)


def _named(look: Look) -> str:
    """Tell who it was and as what; once, where the one says the other."""
    if not look.who or not look.role:
        return look.who or look.role
    name = _without_place(look.who, look.role)
    return look.role if _says(look.role, name) else f"{name}, {look.role}"


def _without_place(name: str, role: str) -> str:
    """Leave out of a name the company that the role ends with, too."""
    words = list(zip(reversed(name.split()), reversed(role.split()), strict=False))
    shared = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], words))
    if shared < _SHORTEST_PLACE:
        return name
    return " ".join(name.split()[:-shared]).rstrip(",: –")


def _says(role: str, name: str) -> bool:
    """Return whether a role says all that a name says, as for an account of a role."""
    words = _words(role)
    return all(
        any(
            word == part or (len(part) >= _SHORTEST_ENDING and word.endswith(part))
            for word in words
        )
        for part in _words(name)
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
