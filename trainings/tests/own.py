"""The pages of a participant, and how a test opens them."""

from django.urls import reverse

from companies.services.links import make_personal_link

PAGES = ["own:page", "own:data", "own:readers", "own:correction-new"]


PAGE = reverse("own:page")


GONE = "This link opens no page"


def opening(participant):
    token = make_personal_link(participant=participant, actor=None)
    return reverse("own:open", args=[token])


def open_page(client, participant):
    return client.post(opening(participant))
