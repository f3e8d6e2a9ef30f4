from accounts.models.audit import AuditEntry, AuditMention, AuditPayload, AuditSeal
from accounts.models.invitation import Invitation, InvitationQuerySet
from accounts.models.outbox import OutboxMessage, OutboxMessageQuerySet
from accounts.models.page import EditablePage
from accounts.models.template import MessageTemplate
from accounts.models.user import RoleGrant, RoleGrantQuerySet, User, UserManager

__all__ = [
    "AuditEntry",
    "AuditMention",
    "AuditPayload",
    "AuditSeal",
    "EditablePage",
    "Invitation",
    "InvitationQuerySet",
    "MessageTemplate",
    "OutboxMessage",
    "OutboxMessageQuerySet",
    "RoleGrant",
    "RoleGrantQuerySet",
    "User",
    "UserManager",
]
