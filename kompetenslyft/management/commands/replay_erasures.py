from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import DomainError
from kompetenslyft.privacy.replay import replay_erasures


class Command(BaseCommand):
    help = "Erase again whom a restored backup has revived; before the portal opens."

    def handle(self, *args, **options) -> None:
        try:
            replay = replay_erasures()
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error
        if replay.erased:
            line = ngettext(
                "%(count)d row of an erased person came back and was erased again.",
                "%(count)d rows of erased people came back and were erased again.",
                replay.erased,
            )
            self.stdout.write(line % {"count": replay.erased})
        if replay.kept:
            line = _("begun and not done, judged again and kept: %(count)d")
            self.stdout.write(line % {"count": replay.kept})
