"""The way back in for somebody who lost every second factor."""

from django.core.management import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services import remove_second_factors
from core.errors import DomainError


class Command(BaseCommand):
    help = "Remove the second factors of an account; the next sign-in enrols anew."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="ADDRESS")

    def handle(self, *, email, **_options):
        facts = {"address": email}
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(_("No account has the address %(address)s.") % facts)
        try:
            remove_second_factors(user=user, actor=None)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(_("Second factors of %(address)s were removed.") % facts)
