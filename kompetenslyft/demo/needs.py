"""What the invented companies need, and the occasions that are planned for it."""

import datetime as dt
from itertools import islice

from kompetenslyft.demo import cast
from kompetenslyft.demo.stage import Stage
from trainings import services
from trainings.enums import Delivery
from trainings.models import Occasion
from trainings.selectors import demand, needs_left

SILENT = "Ventilatorn AB"
NEEDS_AT_ONCE = 2
SEATS_AHEAD = 16


def state_needs(stage: Stage) -> None:
    """Let each company that is still there, but one, state two needs."""
    themes = sorted({course.theme for course in stage.courses})
    stays = [company for company in stage.companies.values() if not company.left_on]
    for serial, company in enumerate(stays, start=1):
        if company.name == SILENT:
            continue
        for number in (1, 2):
            _title, role_code, _group = cast.ROLES[serial * number % len(cast.ROLES)]
            services.state_need(
                company=company,
                theme=themes[(serial + 2 * number) % len(themes)],
                role_code=role_code if number == 1 else "",
                headcount=4 + 3 * serial // number,
                priority=(serial + number) % 3 + 1,
                wanted_by=stage.today + dt.timedelta(days=60 + 30 * (serial % 4)),
                actor=stage.leader,
            )


def plan_for(stage: Stage, occasion: Occasion) -> None:
    """Plan an occasion that is to come for the most urgent needs of its theme."""
    first = occasion.sessions.earliest("starts_at").starts_at
    if first.date() <= stage.today:
        return
    wanted, room = {}, occasion.capacity
    for need, figures in islice(needs_left(occasion.course.theme), NEEDS_AT_ONCE):
        if headcount := min(figures.unmet, room, occasion.capacity // NEEDS_AT_ONCE):
            wanted[need] = headcount
            room -= headcount
    if wanted:
        services.plan_for_needs(
            occasion=occasion, headcounts=wanted, actor=stage.leader
        )


def plan_ahead(stage: Stage) -> None:
    """Plan one more occasion for the theme with most people left; it has no dates."""
    theme = demand().themes[0].theme
    each = SEATS_AHEAD // NEEDS_AT_ONCE
    left = islice(needs_left(theme), NEEDS_AT_ONCE)
    services.plan_new_occasion(
        headcounts={need: min(figures.unmet, each) for need, figures in left},
        course=next(course for course in stage.courses if course.theme == theme),
        delivery=Delivery.ON_SITE,
        capacity=SEATS_AHEAD,
        place="Västerås",
        provider=stage.providers[0],
        actor=stage.leader,
    )
