"""One participant whose own page is worth a look, and the link that opens it."""

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from companies.enums import CorrectionField
from companies.models import Participant
from companies.services.corrections import ask_for_correction, decline_correction
from companies.services.links import make_personal_link
from kompetenslyft.demo.logins import Login
from kompetenslyft.demo.stage import Stage
from trainings.enums import OccasionStatus
from trainings.models import Enrolment


def open_a_page(stage: Stage) -> Login:
    """Let somebody ask for things, and make a link that works on this machine."""
    person = _somebody_with_much_to_show()
    declined = ask_for_correction(
        participant=person,
        field=CorrectionField.WORK,
        text="Jag arbetar som lagledare sedan i våras.",
    )
    decline_correction(
        correction=declined,
        actor=stage.leader,
        answer="Lönesystemet har kvar den förra befattningen. Säg till din chef.",
    )
    ask_for_correction(
        participant=person,
        field=CorrectionField.HOURS,
        text="Jag var med hela dagen, inte bara på förmiddagen.",
    )
    token = make_personal_link(participant=person, actor=stage.leader)
    path = reverse("own:open", args=[token])
    return Login("Deltagare, med personlig länk", f"{settings.PORTAL_URL}{path}", "")


def _somebody_with_much_to_show() -> Participant:
    """Prefer who has something ahead, has asked for something, and was there."""
    ahead = Enrolment.objects.confirmed().filter(
        participant=OuterRef("pk"), occasion__status=OccasionStatus.OPEN
    )
    people = Participant.objects.filter(~Q(email=""), protected=False)
    return people.annotate(
        has_more=Exists(ahead),
        asked=Count("enrolments__accommodations", distinct=True),
        seats=Count("enrolments", distinct=True),
    ).order_by("-has_more", "-asked", "-seats", "pk")[0]
