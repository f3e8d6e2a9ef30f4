"""Second factors as tests need them: an app that shows codes, and its rows."""

import base64
import hmac
import struct
import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from accounts.mfa import MfaAdapter
from accounts.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = 30  # Seconds for which a code is shown.
MARGIN = 5  # Seconds that a test may need to send it.


def code_of(secret: str) -> str:
    """Return what an authenticator app shows now (RFC 6238); wait for a fresh one."""
    left = STEP - time.time() % STEP
    if left < MARGIN:
        time.sleep(left)
    step = struct.pack(">Q", int(time.time()) // STEP)
    digest = hmac.digest(base64.b32decode(secret), step, "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def give_app(user: User, secret: str = SECRET) -> Authenticator:
    """Enrol an authenticator app with this secret."""
    data = {"secret": MfaAdapter().encrypt(secret)}
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data=data
    )


def give_recovery_codes(user: User) -> list[str]:
    return RecoveryCodes.activate(user).get_unused_codes()
