"""What an operator may want to know before the portal goes out."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Info, register
from django.utils.translation import gettext as _

from accounts.sms import sms_is_on


@register("sms", deploy=True)
def text_messages_are_sent(**_options: Any) -> list[CheckMessage]:
    """Tell where the portal sends no text messages, which it then offers nowhere."""
    if sms_is_on():
        return []
    return [
        Info(
            _("This portal sends no text messages: pages offer e-mail alone."),
            hint=_("SMS_URL names the service that sends them."),
            id="accounts.I001",
        )
    ]
