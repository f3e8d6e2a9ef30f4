from django.http import HttpRequest


def csp_nonce(request: HttpRequest) -> dict[str, object]:
    """Offer the nonce under the name that django-htmx and Django 6 read."""
    return {"csp_nonce": getattr(request, "csp_nonce", "")}
