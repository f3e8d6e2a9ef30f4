"""Second factors as tests need them: an app that shows codes, its rows, its pages."""

import base64
import hmac
import json
import struct
import time

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.urls import reverse

from accounts.mfa import MfaAdapter
from accounts.models import User

PASSWORD = "correct horse"
ENROL = "/accounts/2fa/required/"
APP = "/accounts/2fa/totp/activate/"
PROVE = "/accounts/2fa/reauthenticate/"
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


def sign_in(client, user, **extra):
    form = {"login": user.email, "password": PASSWORD} | extra
    return client.post(reverse("account_login"), form)


def enrol_app(client):
    """Add an authenticator app as a browser does; return its secret."""
    secret = client.get(APP).context["form"].secret
    response = client.post(APP, {"code": code_of(secret)})
    assert response.status_code == 302
    return secret


def forged_passkey(user: User | None = None) -> str:
    """Return what a browser would send for a passkey that nobody ever enrolled."""
    said = {"type": "webauthn.get", "challenge": "none", "origin": "http://testserver"}
    owner = user_pk_to_url_str(user) if user else "zzzzzz"
    answer = {
        "clientDataJSON": _encoded(json.dumps(said).encode()),
        "authenticatorData": _encoded(bytes(37)),
        "signature": _encoded(b"none"),
        "userHandle": _encoded(owner.encode()),
    }
    key = _encoded(b"forged")
    return json.dumps(
        {"id": key, "rawId": key, "type": "public-key", "response": answer}
    )


def _encoded(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
