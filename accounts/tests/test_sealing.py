"""Entries come under seals: all of them, each once, and in one chain."""

import hashlib
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from accounts.audit import record
from accounts.models import AuditEntry, AuditSeal
from accounts.services.sealing import LOCK, seal_entries
from accounts.verification import verify_trail
from core import sealing
from core.chain import START
from core.locks import held_lock

pytestmark = pytest.mark.django_db
together = pytest.mark.django_db(transaction=True)


def test_every_entry_that_is_not_sealed_comes_under_the_next_seal():
    first = [record(None, "accounts.tried"), record(None, "accounts.tried")]

    assert seal_entries() == 2
    last = record(None, "accounts.tried")
    assert seal_entries() == 1

    one, two = AuditSeal.objects.order_by("pk")
    assert (one.pk, one.size, two.pk, two.size) == (1, 2, 2, 1)
    assert list(one.entries.order_by("pk")) == first
    assert list(two.entries.all()) == [last]


def test_a_seal_stands_on_the_head_before_it_and_on_its_entries():
    entry = record(None, "accounts.tried")
    seal_entries()
    record(None, "accounts.tried")
    seal_entries()

    one, two = AuditSeal.objects.order_by("pk")
    assert (bytes(one.previous), bytes(two.previous)) == (START, bytes(one.head))
    leaf = b"kompetenslyft/leaf/1\0" + entry.pk.to_bytes(8, "big")
    leaf += b"\x00\x0eaccounts.tried" + bytes(entry.digest)
    assert bytes(one.leaf) == hashlib.sha256(leaf).digest()
    head = b"kompetenslyft/head/1\0" + START + (1).to_bytes(8, "big")
    head += (1).to_bytes(8, "big") + one.made_at.isoformat().encode()
    assert bytes(one.head) == hashlib.sha256(head + bytes(one.leaf)).digest()


def test_nothing_to_seal_makes_no_seal():
    assert seal_entries() == 0
    assert not AuditSeal.objects.exists()


def test_many_entries_come_under_several_seals_of_one_chain(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    entries = [record(None, "accounts.tried") for _ in range(5)]

    assert seal_entries() == 5

    seals = list(AuditSeal.objects.order_by("pk"))
    assert [seal.size for seal in seals] == [2, 2, 1]
    assert [bytes(seal.previous) for seal in seals] == [
        START,
        *(bytes(seal.head) for seal in seals[:2]),
    ]
    assert [list(s.entries.order_by("pk")) for s in seals] == [
        entries[:2],
        entries[2:4],
        entries[4:],
    ]


def in_another_session(act):
    """Run in a thread with a connection of its own; return what came of it."""
    results = []

    def run():
        try:
            results.append(act())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


@together
def test_an_entry_that_is_saved_late_comes_under_the_next_seal():
    """Its number is below that of an entry that is sealed before it is saved."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    begun, may_save = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            late = record(None, "accounts.late")
            begun.set()
            may_save.wait(10)
        return late.pk

    thread, results = in_another_session(slow)
    assert begun.wait(10)
    quick = record(None, "accounts.quick")
    assert seal_entries() == 1
    may_save.set()
    thread.join()
    assert seal_entries() == 1

    (late,) = results
    assert late < quick.pk
    assert AuditEntry.objects.get(pk=quick.pk).seal_id == 1
    assert AuditEntry.objects.get(pk=late).seal_id == 2


@together
def test_an_entry_that_is_saved_while_others_are_sealed_waits(monkeypatch):
    """Saved after the batch was read, it is not put under a seal that knows it not."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    begun, may_save = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            late = record(None, "accounts.late")
            begun.set()
            may_save.wait(10)
        return late.pk

    thread, results = in_another_session(slow)
    assert begun.wait(10)
    record(None, "accounts.quick")
    make_seal = sealing._next_seal

    def after_it_is_saved(chain, batch):
        may_save.set()
        thread.join()
        return make_seal(chain, batch)

    monkeypatch.setattr(sealing, "_next_seal", after_it_is_saved)

    assert seal_entries() == 2  # The second seal of the same run takes it.
    assert AuditEntry.objects.get(pk=results[0]).seal_id == 2
    assert verify_trail().holds


@together
def test_of_two_that_seal_at_once_one_does():
    record(None, "accounts.tried")

    with held_lock(LOCK) as is_held:
        thread, results = in_another_session(seal_entries)
        thread.join()

    assert is_held
    assert results == [0]
    assert not AuditSeal.objects.exists()
    assert seal_entries() == 1


@together
def test_many_that_seal_while_others_write_make_one_chain(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 7)
    writers = [
        in_another_session(lambda: [record(None, "accounts.tried") for _ in range(30)])
        for _ in range(2)
    ]
    sealers = [
        in_another_session(lambda: [seal_entries() for _ in range(15)])
        for _ in range(3)
    ]
    for thread, _results in [*writers, *sealers]:
        thread.join()
    rest = seal_entries()

    sealed = sum(sum(results[0]) for _thread, results in sealers) + rest
    seals = list(AuditSeal.objects.order_by("pk"))
    assert sealed == sum(seal.size for seal in seals) == 60
    assert [seal.pk for seal in seals] == list(range(1, len(seals) + 1))
    heads = [bytes(seal.head) for seal in seals]
    assert [bytes(seal.previous) for seal in seals] == [START, *heads[:-1]]
    found = verify_trail()
    assert (found.holds, found.entries, found.unsealed) == (True, 60, 0)


def test_the_database_lets_no_second_chain_grow_from_a_head():
    record(None, "accounts.tried")
    seal_entries()
    seal = AuditSeal.objects.get()
    seal.pk = 2

    with pytest.raises(IntegrityError, match=r"previous|head"), transaction.atomic():
        seal.save(force_insert=True)
