import pytest
from django.urls import reverse


@pytest.mark.django_db
def test_health_is_open_to_strangers_and_says_nothing_else(client):
    response = client.get(reverse("health"))

    assert (response.status_code, response.content) == (200, b"ok")
    assert response.headers["Content-Type"].startswith("text/plain")


@pytest.mark.django_db
def test_health_can_only_be_read(client):
    assert client.post(reverse("health")).status_code == 405
