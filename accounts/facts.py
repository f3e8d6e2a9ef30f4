"""What the facts of an audit entry are called, and what their codes say, for people.

Beside `accounts/actions.py`: a test collects every fact that any call records, and
looks for one that has no label here.
"""

from collections.abc import Mapping

from django.apps import apps
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import InvitedRole, PageLanguage, PageName

LABELS = {
    "about": _("Looked for"),
    "actors": _("Done by"),
    "basis": _("Why"),
    "breaks": _("Deviations"),
    "by": _("By whom"),
    "certificates": _("Certificates"),
    "certifications": _("Certifications"),
    "changed": pgettext_lazy("people", "Changed"),
    "channel": _("certified by"),
    "columns": _("Columns"),
    "company": _("Company"),
    "confirmed": _("Got a seat"),
    "contents": _("Contents deleted"),
    "copy": _("Copy"),
    "count": _("Rights shown"),
    "days": _("Period"),
    "ended": _("Sessions ended"),
    "enrolments": _("enrolments"),
    "entries": _("Entries"),
    "erased": _("Entries with erased content"),
    "faults": _("Faults"),
    "field": _("Concerns"),
    "fields": _("Fields"),
    "figure": _("Figure"),
    "file": _("File"),
    "first": _("From and including"),
    "head": _("Head"),
    "headcount": _("how many"),
    "key": _("Key"),
    "in_line": _("Put in line"),
    "kept": _("Kept"),
    "kind": _("kind"),
    "kinds": _("Kinds"),
    "kiosk": _("kiosk"),
    "language": _("language"),
    "last": _("To and including"),
    "level": _("which letters"),
    "left_out": _("Rows left out"),
    "letters": _("Letters"),
    "line": _("Line"),
    "list": _("List"),
    "mentions": _("Mentions blanked"),
    "message": _("message"),
    "method": _("Way in"),
    "month": _("Month"),
    "months": _("Months"),
    "needs": _("Needs"),
    "new": pgettext_lazy("people", "New"),
    "nominated": _("Nominated"),
    "notes": _("Notes shown"),
    "numbers": _("At number"),
    "occasion": _("Occasion"),
    "order": _("Decision"),
    "package": _("programme package"),
    "page": _("page"),
    "place": _("company or provider"),
    "planned": _("Planned for"),
    "proof": _("identity shown by"),
    "provider": _("Provider of sign-in"),
    "quotas": _("Quotas"),
    "quotas_before": _("Quotas before"),
    "reason": _("Reason"),
    "recorded": _("Recorded"),
    "refs": _("Shown rows"),
    "requests": _("Requests"),
    "rights": _("Named rights"),
    "role": _("Role"),
    "roles": _("roles"),
    "rows": _("Rows"),
    "sent_on": _("Sent"),
    "session": _("Session"),
    "sessions": _("sessions"),
    "sha256": _("checksum"),
    "show": _("Kinds of rows"),
    "side": _("side"),
    "sought": _("What was done"),
    "table": _("Table"),
    "text": _("version of the text"),
    "times": _("Times"),
    "unchanged": pgettext_lazy("people", "Unchanged"),
    "unsealed": _("Not sealed yet"),
    "user": _("user"),
    "values": _("Values"),
    "waiting": _("Went on waiting"),
}

_EXPIRED = {
    "participants": _("people in a company's list, blanked"),
    "history": _("rows of the history of people, blanked"),
    "list_rows": _("rows of uploaded lists, deleted"),
    "notes": _("notes on accommodations, deleted"),
    "corrections": _("corrections asked for, deleted"),
    "certifications": _("contents of certifications, deleted"),
    "words_on_time": _("words on disputed or corrected time, blanked"),
    "links": _("personal links, deleted"),
    "codes": _("codes to sign in by, deleted"),
    "kiosk_codes": _("codes for kiosks, deleted"),
    "kiosks": _("kiosks that have ended, deleted"),
    "feeds": _("addresses of calendars, deleted"),
    "certificates": _("certificates, blanked: their codes find nothing"),
    "scans": _("scans of signed sheets, deleted"),
    "documents": _("documents of evidence, deleted"),
    "parcels": _("parcels of certificates, deleted"),
    "statistics": _("rows for Statistics Sweden, blanked or deleted"),
    "statistics_files": _("files for Statistics Sweden, deleted"),
    "lists": _("lists as files, deleted"),
    "letters": _("letters, blanked"),
    "news": _("news of the own training and choices of letters, deleted"),
    "merges": _("merges of two rows, no longer to be undone"),
    "mentions": _("mentions in the audit trail, blanked"),
    "sessions": _("sign-ins that are over, deleted"),
    "invitations": _("addresses of invitations that are over, blanked"),
    "answered": _("words of answered corrections, blanked"),
    "tickets": _("notes that an evaluation was answered, deleted"),
    "evaluations": _("texts of evaluations, deleted"),
    "mail_files": _("files of letters, deleted"),
}

# The facts of these are called after kinds of rows, as packages and tables name them.
_FILES = {
    "programme": "companies.programme",
    "companies": "companies.company",
    "workforce": "companies.workforcesnapshot",
    "providers": "trainings.provider",
    "courses": "trainings.course",
    "occasions": "trainings.occasion",
    "sessions": "trainings.session",
    "quotas": "trainings.quota",
    "participants": "companies.participant",
    "enrolments": "trainings.enrolment",
    "attendance": "trainings.attendance",
    "accommodations": "trainings.accommodation",
    "networks": "networks.network",
    "network_members": "networks.networkmember",
    "meetings": "networks.meeting",
    "meeting_attendance": "networks.meetingattendance",
    "needs": "trainings.need",
}
_TABLES = {
    "companies_participant": "companies.participant",
    "companies_historicalparticipant": "companies.historicalparticipant",
    "companies_importrow": "companies.importrow",
}

_KINDS_OF_ROWS = {
    "companies.person_keys_swapped": _TABLES,
    "kompetenslyft.dumped_programme": _FILES,
    "kompetenslyft.loaded_programme": _FILES,
}
_OTHERWISE = {
    "companies.contact_confirmed": {"channel": _("Confirmed by")},
    "kompetenslyft.erased": {"rows": _("Rows erased")},
    "kompetenslyft.erased_expired": _EXPIRED,
    "kompetenslyft.replayed_erasures": {"rows": _("Rows erased")},
    "trainings.parcel_made": {"left_out": _("People left out")},
    "trainings.attendance_recorded": {"recorded": pgettext_lazy("people", "New")},
}

# The choices of a field are the words of these.
CHOICES = {
    "reason": ("trainings.enrolment", "withdrawal_reason"),
    "field": ("companies.correctionrequest", "field"),
    "side": ("trainings.planagreement", "side"),
    "proof": ("companies.kioskcode", "proof"),
    "file": ("reporting.reportfile", "kind"),
}

# News to participants, by kind; `trainings.enums.NoticeKind` calls them the same.
NOTICES = {
    "invitation": _("invitation to a training"),
    "confirmed": _("a place on a training"),
    "waiting": _("a place in the waiting line"),
    "offered": _("the offer of a place"),
    "changed": _("changed times"),
    "cancelled": _("a cancelled training"),
    "withdrawn": _("a place that was taken back"),
    "reminder": _("a reminder before the training"),
    "certify": _("hours to certify"),
    "absent": _("recorded as absent"),
    "certificate": _("a new certificate"),
}

# By kind: those of the portal's own letters, and of the sign-in library's.
LETTERS = {
    "account_connected": _("a provider of sign-in was connected"),
    "account_disconnected": _("a provider of sign-in was disconnected"),
    "certifications_broken": _("fault in what was certified"),
    "accommodation_answered": _("answer to something asked for"),
    "accommodation_asked": _("request for an adaptation"),
    "accommodation_due": _("reminder of requests for adaptations"),
    "accommodation_late": _("late answers to requests for adaptations"),
    "chain_broken": _("fault in the audit trail"),
    "chain_head": _("head of the audit trail"),
    "contact_changed": _("a changed address or mobile"),
    "contact_code": _("code for a new address or mobile"),
    "correction_answered": _("answer to a correction"),
    "invitation": _("invitation"),
    "list_ready": _("a list was made"),
    "kiosk_code_given": _("a code for kiosks was given"),
    "news": _("news about the training"),
    **{f"news_{kind}": words for kind, words in NOTICES.items()},
    "password_changed": _("the password was changed"),
    "password_reset": _("the password was reset"),
    "password_reset_key": _("link to choose a password"),
    "password_set": _("a password was chosen"),
    "personal_link": _("personal link"),
    "recovery_codes_generated": _("new recovery codes"),
    "report_answer": _("an answer about a report"),
    "report_question": _("a question about a report"),
    "sign_in_code": _("code to sign in"),
    "statistics_changed": _("months to send again to Statistics Sweden"),
    "totp_activated": _("an app with codes was added"),
    "totp_deactivated": _("an app with codes was removed"),
    "unknown_account": _("the address has no account"),
    "webauthn_added": _("a passkey was added"),
    "webauthn_removed": _("a passkey was removed"),
}

_SIGN_IN = {
    "password": _("password"),
    "totp": _("app with codes"),
    "webauthn": _("passkey"),
    "recovery_codes": _("recovery code"),
}
_CERTIFICATES = {
    "course": _("completed course"),
    "month": _("attendance in a month"),
}
_CONTACTS = {
    "email": _("e-mail"),
    "sms": _("SMS"),
}
_FIELDS = {
    "number": _("personal number"),
    "password1": _("password"),
    "personal_number": _("personal number"),
    "person_key": _("key of the person"),
    "usable_password": _("password"),
}
BASES = {
    "asked": _("The person has asked for it (GDPR, article 17)"),
    "mistake": _("The person was entered by mistake"),
    "over": _("The data are no longer needed"),
    "contested": _("The person says that the data are wrong"),
    "unlawful": _("The data should not be here, but the person wants them"),
    "claims": _("The person needs the data for a legal claim"),
    "objected": _("The person objects to how the data are used"),
    "command": _("By a command"),
    "ordered": _("By order of a court or an authority"),
    "restored": _("Erased before the restore"),
    "retention": _("The last day had come"),
    "lost": _("The person has lost it"),
    "taken": _("Somebody else has it by now"),
    "not_own": _("It was never the person's own"),
}
WORDS: Mapping[str, Mapping[str, str | Promise]] = {
    "basis": BASES,
    "breaks": {
        "seal_gone": _("a seal is missing"),
        "seal_off": _("a seal does not follow"),
        "entries_gone": _("certifications are missing under a seal"),
        "entries_other": _("other certifications than were sealed"),
        "tail_cut": _("the end was cut off"),
        "head_other": _("written anew"),
        "content_other": _("the content of a certification was changed"),
        "time_other": _("a certified time was changed"),
        "unchained": _("certified times without a certification"),
        "erased_untold": _("content is gone that no erasure tells of"),
        "guard_off": _("triggers are not in force"),
    },
    "by": {
        "participant": _("the participant"),
        "stranger": _("somebody who was not signed in"),
    },
    "channel": {
        "link": _("personal link"),
        "sms": _("SMS code"),
        "email": _("e-mail code"),
        "kiosk": _("kiosk"),
    },
    "copy": {"leader": _("leader's copy"), "funder": _("funder's copy")},
    "fields": _FIELDS,
    "kind": _SIGN_IN | LETTERS | _CERTIFICATES | _CONTACTS,
    "kinds": _SIGN_IN,
    "level": {
        "all": _("All news about my training"),
        "answer": _("Only what needs my answer, and changes of time or place"),
        "changes": _("Only changes of time or place"),
    },
    "message": {"letter": _("The letter around the news"), **NOTICES},
    "language": dict(PageLanguage.choices),
    "method": _SIGN_IN,
    "page": dict(PageName.choices),
    "rights": {
        "companies.view_protected_identities": _("people under protected identity")
    },
    "role": dict(InvitedRole.choices),
    "roles": dict(InvitedRole.choices),
    "show": {
        "faulty": _("With errors"),
        "doubted": _("With warnings"),
        "new": pgettext_lazy("people", "New"),
        "changed": pgettext_lazy("people", "Changed"),
        "unchanged": pgettext_lazy("people", "Unchanged"),
    },
}


def label_of(action: str, fact: str) -> str:
    """Return what a fact of an action is called; by its own name if it has no label.

    A merge counts what moved by the field that it moved on, such as
    `trainings.enrolment.participant`.
    """
    known = _KINDS_OF_ROWS.get(action, {})
    if label := known.get(fact) or fact.rpartition(".")[0]:
        return _plural(label)
    told = (LABELS | _OTHERWISE.get(action, {})).get(fact)
    return capfirst(str(told)) if told else fact


def letter_in_words(kind: str) -> str:
    """Return what a kind of letter is called; by its own name if it has no words."""
    return capfirst(str(LETTERS.get(kind, kind)))


def _plural(label: str) -> str:
    try:
        return capfirst(str(apps.get_model(label)._meta.verbose_name_plural))
    except (LookupError, ValueError):
        return label
