"""The way in to a portal where nobody can sign in yet."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.management import BaseCommand, CommandError
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.services import make_leader
from core.errors import DomainError


class Command(BaseCommand):
    help = "Make a project leader and print a link to choose a password with, once."

    def add_arguments(self, parser):
        parser.add_argument("email", metavar="ADDRESS")
        parser.add_argument(
            "--portal",
            default="http://localhost:8000",
            metavar="URL",
            help="where the portal answers, for the link",
        )

    def handle(self, *, email, portal, **_options):
        try:
            leader = make_leader(email=email)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(_("Open this link to choose a password. It works once:"))
        path = reverse(
            "account_reset_password_from_key",
            kwargs={
                "uidb36": user_pk_to_url_str(leader),
                "key": default_token_generator.make_token(leader),
            },
        )
        self.stdout.write(f"{portal.rstrip('/')}{path}")
