"""A signed-in browser, for tests that are not about signing in."""

from django.test import Client

from accounts.mfa import SESSION_KEY


class ProvedClient(Client):
    """`force_login` gives a session that has proved a second factor too."""

    def force_login(self, user, backend=None):
        super().force_login(user, backend)
        session = self.session
        session[SESSION_KEY] = str(user.pk)
        session.save()
