"""Every audit entry there is gets a digest, and its content beside it."""

from django.db import migrations

from core.chain import commit, commit_mention, new_salt

BATCH = 1000
MENTION_SALT_BYTES = 16
PARTICIPANT = "companies.participant"


def _batches(rows):
    """Walk the rows by primary key, some at a time, while they are changed."""
    rows, last = rows.order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _mentioned(entry):
    """Return the refs of people that stood in the entry, and the facts without."""
    facts = dict(entry.facts)
    refs = set()
    if facts.get("kind", PARTICIPANT) == PARTICIPANT:
        refs |= set(facts.pop("refs", []))
    if entry.subject_type == PARTICIPANT:
        refs.add(entry.subject_ref)
    return sorted(refs), facts


def copy(apps, schema_editor):
    """Move the content of each entry beside it, under a salt and a digest."""
    AuditEntry = apps.get_model("accounts", "AuditEntry")
    AuditPayload = apps.get_model("accounts", "AuditPayload")
    AuditMention = apps.get_model("accounts", "AuditMention")
    for entries in _batches(AuditEntry.objects.all()):
        payloads, mentions = [], []
        for entry in entries:
            refs, facts = _mentioned(entry)
            salts = [new_salt(MENTION_SALT_BYTES) for _ref in refs]
            about = [
                AuditMention(
                    entry=entry,
                    ref=ref,
                    salt=salt,
                    commitment=commit_mention(salt, ref),
                )
                for ref, salt in zip(refs, salts, strict=True)
            ]
            is_person = entry.subject_type == PARTICIPANT
            payload = AuditPayload(
                entry=entry,
                salt=new_salt(),
                at=entry.at,
                actor_id=entry.actor_id,
                subject_type=entry.subject_type,
                subject_ref="" if is_person else entry.subject_ref,
                facts=facts,
            )
            entry.digest = commit(payload.salt, _content(entry.action, payload, about))
            payloads.append(payload)
            mentions += about
        AuditPayload.objects.bulk_create(payloads)
        AuditMention.objects.bulk_create(mentions)
        AuditEntry.objects.bulk_update(entries, ["digest"])


def _content(action, payload, mentions):
    return {
        "action": action,
        "at": payload.at.isoformat(),
        "actor": payload.actor_id,
        "subject_type": payload.subject_type,
        "subject_ref": payload.subject_ref,
        "facts": payload.facts,
        "mentions": [mention.commitment.hex() for mention in mentions],
    }


def copy_back(apps, schema_editor):
    """Put the content back into the entries that still have theirs."""
    AuditEntry = apps.get_model("accounts", "AuditEntry")
    rows = AuditEntry.objects.filter(payload__isnull=False)
    rows = rows.select_related("payload").prefetch_related("mentions")
    restored = ["at", "actor", "subject_type", "subject_ref", "facts"]
    for entries in _batches(rows):
        for entry in entries:
            _restore(entry)
        AuditEntry.objects.bulk_update(entries, restored)


def _restore(entry):
    payload = entry.payload
    refs = sorted(mention.ref for mention in entry.mentions.all() if mention.ref)
    for name in ("at", "actor_id", "subject_type", "subject_ref", "facts"):
        setattr(entry, name, getattr(payload, name))
    if payload.subject_type == PARTICIPANT and not payload.subject_ref and refs:
        entry.subject_ref = refs[0]
    elif refs:
        entry.facts = {**payload.facts, "refs": refs}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_audit_beside_its_digest")]

    operations = [migrations.RunPython(copy, copy_back, elidable=False)]
