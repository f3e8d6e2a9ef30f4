"""Whoever changes the trail past its guards is told of, by seal or entry."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.audit import content_of, record
from accounts.models import AuditEntry, AuditPayload, AuditSeal
from accounts.services.sealing import seal_entries
from accounts.services.trail import forget_people
from accounts.tests.factories import make_leader
from accounts.tests.trail import as_dba, execute
from accounts.verification import Break, Fault, verify_trail
from core import sealing
from core.chain import START, commit, head_of, leaf_of
from core.chain_walk import KeptHead
from core.errors import DomainError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ANNA, BO = "p-00000001", "p-00000002"


@pytest.fixture
def trail():
    """Six entries, two to a seal: of Anna, of both, of nobody, and so once more."""
    leader = make_leader()
    entries = []
    for number in range(6):
        people = [[ANNA], [ANNA, BO], []][number % 3]
        entries.append(record(leader, "accounts.tried", people=people, rows=number))
        if number % 2:
            seal_entries()
    return entries


def faults():
    return [(fault.kind, fault.number) for fault in verify_trail().faults]


def tamper(statement, *values):
    with as_dba():
        execute(statement, *values)


def head_of_seal(number):
    seal = AuditSeal.objects.get(pk=number)
    return KeptHead(number, bytes(seal.head))


# What is as it was written


def test_an_empty_trail_holds():
    found = verify_trail()

    assert (found.entries, found.seals, found.head, found.holds) == (0, 0, "", True)
    assert found.sealed_at is None


def test_a_trail_holds_and_what_is_not_sealed_is_named(trail):
    record(None, "accounts.tried")

    found = verify_trail([head_of_seal(number) for number in (1, 2, 3)])

    last = AuditSeal.objects.get(pk=3)
    assert found.holds
    assert (found.entries, found.unsealed, found.erased, found.seals) == (7, 1, 0, 3)
    assert found.head == f"3:{bytes(last.head).hex()}" == str(last)
    assert found.sealed_at == last.made_at


def test_an_erased_person_breaks_nothing_and_is_counted(trail):
    forget_people([ANNA], basis="retention")

    found = verify_trail()

    assert found.holds
    assert (found.erased, found.unsealed) == (2, 1)


def test_verifying_costs_the_same_queries_for_any_length(
    trail, django_assert_num_queries
):
    with django_assert_num_queries(5):
        verify_trail()


# What somebody changed past the triggers


CHANGES = {
    "facts": {"rows": 9},
    "subject_ref": "other",
    "subject_type": "other",
    "actor": None,
    "at": timezone.now(),
}


@pytest.mark.parametrize(("field", "value"), CHANGES.items(), ids=CHANGES)
def test_a_changed_content_is_told(trail, field, value):
    entry = trail[3].pk
    with as_dba():
        AuditPayload.objects.filter(pk=entry).update(**{field: value})

    assert faults() == [(Break.CONTENT_OTHER, entry)]


def test_a_changed_person_is_told(trail):
    tamper("UPDATE accounts_auditmention SET ref = %s WHERE ref = %s", BO, ANNA)

    assert faults() == [(Break.PERSON_OTHER, trail[0].pk)]


def test_a_person_who_is_added_or_taken_away_is_told(trail):
    mention = trail[3].mentions.get()
    tamper(
        "INSERT INTO accounts_auditmention (entry_id, ref, salt, commitment)"
        " SELECT %s, ref, salt, commitment FROM accounts_auditmention WHERE id = %s",
        trail[2].pk,
        mention.pk,
    )
    assert faults() == [(Break.CONTENT_OTHER, trail[2].pk)]

    tamper("DELETE FROM accounts_auditmention WHERE entry_id = %s", trail[1].pk)
    assert faults() == [(Break.CONTENT_OTHER, trail[1].pk)]


def test_another_action_is_told_by_seal_and_entry(trail):
    entry = trail[3].pk
    tamper("UPDATE accounts_auditentry SET action = 'other' WHERE id = %s", entry)

    assert faults() == [(Break.ENTRIES_OTHER, 2), (Break.CONTENT_OTHER, entry)]


def delete(entries):
    with as_dba():
        for entry in entries:
            execute("DELETE FROM accounts_auditpayload WHERE entry_id = %s", entry.pk)
            execute("DELETE FROM accounts_auditmention WHERE entry_id = %s", entry.pk)
            execute("DELETE FROM accounts_auditentry WHERE id = %s", entry.pk)


def test_a_deleted_entry_is_told(trail):
    delete([trail[2]])

    assert faults() == [(Break.ENTRIES_GONE, 2)]


def test_an_entry_that_is_put_under_an_old_seal_is_told(trail):
    late = record(None, "accounts.tried")
    with as_dba():
        execute("UPDATE accounts_auditentry SET seal_id = 2 WHERE id = %s", late.pk)

    assert faults() == [(Break.ENTRIES_GONE, 2)]


def test_an_entry_that_is_taken_for_another_is_told(trail):
    with as_dba():
        execute("UPDATE accounts_auditentry SET seal_id = 3 WHERE id = %s", trail[2].pk)
        execute("UPDATE accounts_auditentry SET seal_id = 2 WHERE id = %s", trail[4].pk)

    assert faults() == [(Break.ENTRIES_OTHER, 2)]


def test_a_seal_that_is_taken_out_of_the_middle_is_told(trail):
    delete(trail[2:4])
    tamper("DELETE FROM accounts_auditseal WHERE id = 2")

    assert faults() == [(Break.SEAL_GONE, 2)]


@pytest.mark.parametrize(
    ("change", "value"),
    [("made_at", timezone.now()), ("size", 3), ("leaf", START), ("head", START)],
)
def test_a_changed_seal_is_told(trail, change, value):
    with as_dba():
        AuditSeal.objects.filter(pk=2).update(**{change: value})

    assert faults()[0] == (Break.SEAL_OFF, 2)


def test_content_that_is_gone_without_an_erasure_is_told(trail):
    """The triggers let it through, because erasing somebody does the same."""
    execute("DELETE FROM accounts_auditpayload WHERE entry_id = %s", trail[2].pk)

    assert faults() == [(Break.ERASED_UNTOLD, 1)]


def test_a_person_who_is_blanked_without_an_erasure_is_told(trail):
    forget_people([BO], basis="retention")
    assert verify_trail().holds

    execute(
        "UPDATE accounts_auditmention SET ref = '', salt = NULL WHERE ref = %s", ANNA
    )

    assert faults() == [(Break.ERASED_UNTOLD, 4)]


# What only a head that was kept elsewhere tells


def cut_off(entries, seal):
    delete(entries)
    tamper("DELETE FROM accounts_auditseal WHERE id = %s", seal)


def test_a_tail_that_is_cut_off_is_told_by_a_head_that_was_kept(trail):
    kept = [head_of_seal(2), head_of_seal(3)]
    cut_off(trail[4:], seal=3)

    assert verify_trail().holds
    assert verify_trail(kept[:1]).holds
    assert verify_trail(kept).faults == (Fault(Break.TAIL_CUT, 3),)


def test_a_trail_that_is_written_anew_is_told_by_a_head_that_was_kept(trail):
    kept = head_of_seal(3)
    forge(trail[0])

    assert verify_trail().holds
    assert verify_trail([kept]).faults == (Fault(Break.HEAD_OTHER, 3),)
    assert verify_trail([kept, kept]).faults == (Fault(Break.HEAD_OTHER, 3),)


def forge(entry):
    """Change what an entry says, and make digest and every seal fit again."""
    said = entry.payload
    said.facts = {"rows": 1_000}
    content = content_of(
        action=entry.action,
        at=said.at,
        actor=said.actor_id,
        subject_type=said.subject_type,
        subject_ref=said.subject_ref,
        facts=said.facts,
        commitments=[bytes(mention.commitment) for mention in entry.mentions.all()],
    )
    with as_dba():
        AuditPayload.objects.filter(pk=entry.pk).update(facts=said.facts)
        digest = commit(bytes(said.salt), content)
        AuditEntry.objects.filter(pk=entry.pk).update(digest=digest)
        previous = START
        for seal in AuditSeal.objects.order_by("pk"):
            rows = seal.entries.order_by("pk").values_list("pk", "action", "digest")
            leaf = leaf_of(rows)
            at = seal.made_at.isoformat()
            head = head_of(
                previous, seal=seal.pk, made_at=at, size=seal.size, leaf=leaf
            )
            AuditSeal.objects.filter(pk=seal.pk).update(
                leaf=leaf, previous=previous, head=head
            )
            previous = head


# Heads as they are typed


def test_a_head_is_read_as_it_is_printed():
    kept = KeptHead.parse(f" 12:{'AB' * 32}\n")

    assert kept == KeptHead(12, b"\xab" * 32)


@pytest.mark.parametrize(
    "text", ["", "12", "12:ab", f"x:{'ab' * 32}", f"12:{'ag' * 32}", f"-1:{'ab' * 32}"]
)
def test_what_is_no_head_is_refused_with_a_sentence(text):
    with pytest.raises(DomainError, match="12: and 64 signs"):
        KeptHead.parse(text)


# The command


def _verify(*arguments):
    output = StringIO()
    call_command("verify_chain", *arguments, stdout=output)
    return output.getvalue()


def test_the_command_says_what_it_found(trail):
    record(None, "accounts.tried")
    heads = [str(seal) for seal in AuditSeal.objects.all()]

    said = _verify("--head", *heads)

    assert said == (
        "7 entries under 3 seals, 1 not sealed yet, 0 with erased content.\n"
        f"Head: {heads[0]}\n"
        "The trail is as it was written.\n"
    )


def test_the_command_ends_with_an_error_and_a_sentence_for_each_fault(trail):
    head = str(AuditSeal.objects.get(pk=3))
    entry = trail[0].pk
    cut_off(trail[4:], seal=3)
    tamper("UPDATE accounts_auditentry SET action = 'other' WHERE id = %s", entry)

    with pytest.raises(CommandError) as refusal:
        _verify("--head", head)

    assert refusal.value.returncode == 1
    assert str(refusal.value) == (
        "The entries of seal 1 are not those sealed.\n"
        "The head of seal 3 was kept elsewhere, and the trail ends before it: its end "
        "was cut off.\n"
        f"The content of entry {entry} was changed."
    )


def test_the_command_speaks_json(trail, capsys):
    plain = json.loads(_verify("--json"))

    assert plain["holds"] is True
    assert (plain["entries"], plain["seals"], plain["faults"]) == (6, 3, [])
    assert plain["head"] == str(AuditSeal.objects.get(pk=3))

    tamper("UPDATE accounts_auditseal SET size = 3 WHERE id = 2")
    output = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("verify_chain", "--json", stdout=output)

    assert end.value.code == 1
    (fault,) = json.loads(output.getvalue())["faults"]
    assert (fault["kind"], fault["number"]) == ("seal_off", 2)


def test_the_command_refuses_what_is_no_head():
    with pytest.raises(CommandError, match="12: and 64 signs"):
        _verify("--head", "3:abc")


def test_a_trail_of_many_batches_is_verified_in_pieces(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 3)
    for number in range(10):
        record(None, "accounts.tried", people=[f"p-{n:08}" for n in range(number)])
    seal_entries()

    found = verify_trail()

    assert (found.entries, found.seals, found.holds) == (10, 4, True)
