"""A kiosk, and codes for it as tests need them."""

import datetime as dt
import re

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import make_leader
from companies.enums import IdentityProof
from companies.kiosk import make_kiosk
from companies.models import KioskCode
from companies.services.kiosk_codes import choose_kiosk_code, issue_kiosk_code
from companies.services.kiosks import open_kiosk

OWN_CODE = "271828"
SIGN_IN, CHOOSE = reverse("kiosk:sign-in"), reverse("kiosk:choose")
WRONG = "do not belong together, or the code rests"


def kiosk_client(actor=None):
    """Return a browser, in English, of a tablet that is a kiosk."""
    answer = HttpResponse()
    make_kiosk(answer, open_kiosk(place="Matsalen", actor=actor or make_leader()))
    client = Client(headers={"accept-language": "en"})
    client.cookies.update(answer.cookies)
    return client


def give(participant, actor=None, **changes):
    """Give the participant a code, against an identity card; return it."""
    values = {"proof": IdentityProof.ID_CARD, "actor": actor or make_leader()}
    return issue_kiosk_code(participant=participant, **values | changes)


def give_chosen(participant, digits=OWN_CODE):
    """Let the participant have chosen an own code; return its row."""
    give(participant)
    return choose_kiosk_code(code=code_of(participant), digits=digits)


def code_of(participant):
    return KioskCode.objects.select_related("participant").get(
        participant=participant, ended_at=None
    )


def type_in(client, name, code):
    return client.post(SIGN_IN, {"name": name, "code": code})


def choose(client, digits=OWN_CODE, again=None):
    return client.post(CHOOSE, {"code": digits, "again": again or digits})


def shown_code(response):
    return re.search(r'"kiosk-code">([0-9A-Z]{4}-[0-9A-Z]{4})<', response.text).group(1)


def pass_time(code, time):
    """Let time pass for a code that rests, or that nobody has used yet."""
    code.refresh_from_db()
    code.issued_at -= time
    if code.locked_until:
        code.locked_until -= time
    code.save()
    early = timezone.now() - time - dt.timedelta(days=1)
    code.participant.history.update(history_date=early)
