from accounts.services.invitations import (
    find_invitation,
    invite,
    open_account,
    revoke_invitation,
    send_again,
    take_invitation,
)
from accounts.services.leaders import make_leader
from accounts.services.outbox import (
    cancel_letter,
    forget_letters_about,
    forget_old_letters,
    post_letter,
    post_text,
    queue_letter,
    retry_letter,
)
from accounts.services.roles import end_at_once, end_role, give_role
from accounts.services.second_factors import end_sessions, remove_second_factors

__all__ = [
    "cancel_letter",
    "end_at_once",
    "end_role",
    "end_sessions",
    "find_invitation",
    "forget_letters_about",
    "forget_old_letters",
    "give_role",
    "invite",
    "make_leader",
    "open_account",
    "post_letter",
    "post_text",
    "queue_letter",
    "remove_second_factors",
    "retry_letter",
    "revoke_invitation",
    "send_again",
    "take_invitation",
]
