"""Declarations of de minimis aid: attached, removed. Their files are sealed."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
import uuid
from functools import partial

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import User
from companies.models import Company
from core.errors import DomainError
from core.scans.guard import Scan, read_scan
from core.sealed_files import delete_file, delete_unnamed, read_sealed, sealed_file
from reporting.models import AidDeclaration, AidGroup
from reporting.services.state_aid import lock_group

MOST_DECLARATIONS = 50  # Of one group.


def attach_declaration(
    *,
    group: AidGroup,
    company: Company | None,
    signed_on: dt.date,
    file: File,
    actor: User,
) -> AidDeclaration:
    """Keep a signed declaration, judged by what the file holds.

    What the file is called says nothing, and is not kept. Raises DomainError, which
    says what is wrong with the file and where, or why it is not attached.
    """
    folder = settings.FILE_UPLOAD_TEMP_DIR
    with tempfile.NamedTemporaryFile(prefix="declaration-", dir=folder) as copy:
        digest = hashlib.sha256()
        for chunk in file.chunks():
            copy.write(chunk)
            digest.update(chunk)
        copy.flush()
        size = copy.tell()
        # Outside the transaction: while it looks, others go on writing.
        scan = read_scan(copy.name, most_bytes=settings.SCAN_MAX_MB << 20)
    declaration = AidDeclaration(
        group=group,
        company=company,
        signed_on=signed_on,
        media_type=scan.media_type,
        pages=scan.pages,
        size=size,
        sha256=digest.hexdigest(),
        attached_by=actor,
    )
    return _keep(declaration, scan, actor)


@transaction.atomic
def remove_declaration(*, declaration: AidDeclaration, actor: User) -> None:
    """Delete the file; that it was there, and who removed it, stays."""
    lock_group(declaration.group)
    kept = AidDeclaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
    if kept.removed_at:
        return
    transaction.on_commit(partial(delete_file, str(kept.file)), robust=True)
    kept.file, kept.sealed_key, kept.removed_at = "", None, timezone.now()
    kept.save(update_fields=["file", "sealed_key", "removed_at"])
    record(actor, "reporting.aid_declaration_removed", kept)


def content_of(declaration: AidDeclaration) -> bytes:
    """Return the file as it is handed out. Raises UnreadableError."""
    key = bytes(declaration.sealed_key or b"")
    pieces = read_sealed(str(declaration.file), key, about=declaration.ref)
    return b"".join(pieces)


def forget_unnamed_declarations() -> int:
    """Delete files that no declaration names: left by a kill, or after a removal."""
    return delete_unnamed(AidDeclaration)


@transaction.atomic
def _keep(declaration: AidDeclaration, scan: Scan, actor: User) -> AidDeclaration:
    group = lock_group(declaration.group)
    _refuse(declaration, group)
    declaration.file.name = f"declarations/{uuid.uuid4()}"
    with sealed_file(declaration.file.name, about=declaration.ref) as target:
        target.write(scan.content)
        declaration.sealed_key = target.key
        declaration.save()
        company = declaration.company
        facts = {"company": company.org_number} if company else {}
        record(actor, "reporting.aid_declaration_attached", declaration, **facts)
    return declaration


def _refuse(declaration: AidDeclaration, group: AidGroup) -> None:
    company = declaration.company
    if company and not group.members.filter(company=company).exists():
        raise DomainError(
            _("%(company)s does not belong to this group.") % {"company": company.name}
        )
    if declaration.signed_on > timezone.localdate():
        raise DomainError(_("A declaration cannot be signed on a day to come."))
    kept = group.declarations.kept()
    if kept.filter(sha256=declaration.sha256).exists():
        raise DomainError(_("This file is attached already."))
    if kept.count() >= MOST_DECLARATIONS:
        raise DomainError(
            _("The group has %(most)d declarations, the most. Remove one first.")
            % {"most": MOST_DECLARATIONS}
        )
