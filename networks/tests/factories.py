"""Networks and meetings as plain as can be."""

import datetime as dt

import factory

from companies.tests.factories import ParticipantFactory
from networks.models import Meeting, MeetingAttendance, Network, NetworkMember
from trainings.tests.factories import at


class NetworkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Network

    ref = factory.Sequence(lambda n: f"net-{n:04}")
    name = "Nätverk Produktionschef"
    role_code = "1321"


class NetworkMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = NetworkMember

    network = factory.SubFactory(NetworkFactory)
    participant = factory.SubFactory(ParticipantFactory)
    joined_on = dt.date(2025, 11, 1)


class MeetingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Meeting

    ref = factory.Sequence(lambda n: f"m-{n:08}")
    network = factory.SubFactory(NetworkFactory)
    title = "Träff 1"
    starts_at = at("2026-02-03 13:00")
    ends_at = at("2026-02-03 15:00")
    minutes = 120


class MeetingAttendanceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MeetingAttendance

    meeting = factory.SubFactory(MeetingFactory)
    participant = factory.SubFactory(ParticipantFactory)
    minutes = 120
