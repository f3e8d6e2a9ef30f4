"""What is settled before an occasion opens: its card, its day of decision, its plan."""

import datetime as dt

from accounts.models import User
from kompetenslyft.demo.stage import Stage
from trainings import services
from trainings.enums import Delivery, Provision
from trainings.models import Occasion
from trainings.selectors.planning import plan_of
from trainings.sittings import sittings_on, weekly_days

FEWEST = 5
DAYS_TO_ASK = 10
DAYS_TO_DECIDE = 4
WEEKS_AHEAD = 10
IN_THE_BUILDING = {"Västerås": Provision.YES, "Köping": Provision.YES}


def fill_card(stage: Stage, occasion: Occasion, day: dt.date) -> None:
    """Say what is accessible at an occasion that begins on the day."""
    is_remote = occasion.delivery == Delivery.REMOTE
    in_the_building = IN_THE_BUILDING.get(occasion.place, Provision.ON_REQUEST)
    services.save_card(
        occasion=occasion,
        actor=stage.leader,
        values={
            "step_free": Provision.YES if is_remote else in_the_building,
            "hearing_loop": Provision.NO if is_remote else in_the_building,
            "captions": Provision.YES if is_remote else Provision.ON_REQUEST,
            "material_in_advance": Provision.YES,
            "remote": Provision.YES if is_remote else Provision.ON_REQUEST,
            "language": "Svenska, med kursmaterial på lätt svenska",
            "breaks": "Tio minuter varje timme",
            "more": "" if is_remote else "Det finns ett tyst rum bredvid kurslokalen.",
            "contact": "Kurskansliet, 021-00 00 00, kurs@example.org",
            "ask_by": day - dt.timedelta(days=DAYS_TO_ASK),
        },
    )


def decide_later(occasion: Occasion, day: dt.date) -> None:
    """Have somebody decide, before the day, whether enough people come."""
    occasion.least_participants = FEWEST
    occasion.decide_on = day - dt.timedelta(days=DAYS_TO_DECIDE)
    occasion.save(update_fields=["least_participants", "decide_on", "updated_at"])


def plan_together(stage: Stage) -> None:
    """Leave one occasion planned: written about, agreed to by the supplier alone."""
    course, provider = stage.courses[0], stage.providers[0]
    supplier = User.objects.filter(provider_staff__provider=provider).earliest("pk")
    occasion = Occasion.objects.create(
        course=course,
        provider=provider,
        capacity=12,
        delivery=Delivery.ON_SITE,
        place="Västerås",
        outline="Som förra gången, men med mer övning på egna maskiner.",
    )
    day = stage.today + dt.timedelta(weeks=WEEKS_AHEAD)
    sittings, _faults = sittings_on(
        weekly_days(day, every=1, times=2),
        starts=dt.time(8, 30),
        ends=dt.time(15),
        minutes=330,
    )
    services.add_sessions(occasion=occasion, sittings=sittings, actor=supplier)
    fill_card(stage, occasion, day)
    for actor, text in (
        (supplier, "Vi kan ta två förmiddagar till om företagen vill öva mer."),
        (stage.leader, "Bra. Jag frågar dem och återkommer den här veckan."),
    ):
        services.comment_on_plan(occasion=occasion, text=text, actor=actor)
    digest = plan_of(occasion).digest
    services.agree_to_plan(occasion=occasion, digest=digest, actor=supplier)
