from accounts.admin.letters import InvitationAdmin, OutboxMessageAdmin
from accounts.admin.mixins import AuditedMixin
from accounts.admin.templates import MessageTemplateAdmin
from accounts.admin.trail import AuditEntryAdmin
from accounts.admin.users import UserAdmin

__all__ = [
    "AuditEntryAdmin",
    "AuditedMixin",
    "InvitationAdmin",
    "MessageTemplateAdmin",
    "OutboxMessageAdmin",
    "UserAdmin",
]
