import random

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Programme
from kompetenslyft.demo.logins import add_leader, add_others, keep_logins
from kompetenslyft.demo.needs import plan_ahead, state_needs
from kompetenslyft.demo.own_page import open_a_page
from kompetenslyft.demo.plans import plan_together
from kompetenslyft.demo.stage import build_stage
from kompetenslyft.demo.story import tell_story


class Command(BaseCommand):
    help = "Fill an empty portal with an invented programme, through the services."

    def add_arguments(self, parser):
        parser.add_argument("--participants", type=int, default=400)
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *, participants, seed, **options):
        if participants < 10:
            raise CommandError(_("--participants must be at least 10."))
        if Programme.objects.exists():
            raise CommandError(
                _("There is a programme here already; nothing was added.")
            )
        with transaction.atomic():
            leader, login = add_leader()
            stage = build_stage(
                random.Random(seed),  # noqa: S311 - Invents, guards nothing.
                participants=participants,
                today=timezone.localdate(),
                leader=leader,
            )
            state_needs(stage)
            tell_story(stage)
            plan_ahead(stage)
            logins = [login, *add_others(), open_a_page(stage)]
            plan_together(stage)
        keep_logins(logins)
        for line in logins:
            self.stdout.write(str(line))
