"""What each action of the audit trail is called, for people.

An action that stands in none of these is shown by its own name; a test looks for
such. Whatever shows or exports rows about people is a reading.
"""

from django.utils.translation import gettext_lazy as _

READING = {
    "admin.history_read": _("Read the history of a row in the administration"),
    "admin.listed": _("Listed rows in the administration"),
    "admin.looked_up": _("Looked rows up in a form of the administration"),
    "admin.read": _("Read a row in the administration"),
    "companies.compared": _("Compared two people who may be one"),
    "companies.correction_read": _("Read a request for a correction"),
    "companies.corrections_listed": _("Listed requests for corrections"),
    "companies.list_errors_fetched": _("Downloaded the faulty rows of a list"),
    "companies.list_read": _("Read the rows of an uploaded list"),
    "companies.list_row_read": _("Opened a faulty row of an uploaded list"),
    "companies.listed": _("Listed people"),
    "companies.listed_duplicates": _("Listed people who may be the same"),
    "companies.read": _("Read the page of a person"),
    "kompetenslyft.access_copy_made": _("Downloaded all that is held on a person"),
    "kompetenslyft.consequences_read": _("Looked at what erasing a person does"),
    "kompetenslyft.dumped_programme": _("Exported the whole programme"),
    "trainings.roster_read": _("Read who is on an occasion"),
    "trainings.seat_read": _("Read a person's place on an occasion"),
}

CHANGES = {
    "companies.correction_asked": _("Asked for a correction"),
    "companies.correction_corrected": _("Made a correction that was asked for"),
    "companies.correction_declined": _("Declined a correction that was asked for"),
    "companies.judged_not_duplicate": _("Judged two people not to be the same"),
    "companies.link_made": _("Made a personal link"),
    "companies.link_opened": _("Opened a personal link"),
    "companies.link_revoked": _("Revoked personal links"),
    "companies.link_revoking_refused": _("Was refused to revoke personal links"),
    "companies.link_sending_refused": _("Was refused to send a personal link"),
    "companies.link_sent": _("Sent a personal link"),
    "companies.list_confirmed": _("Confirmed an uploaded list"),
    "companies.list_discarded": _("Discarded an uploaded list"),
    "companies.list_saved": _("Saved an uploaded list"),
    "companies.list_taken_back": _("Took back a saved list"),
    "companies.list_uploaded": _("Uploaded a list"),
    "companies.merged": _("Merged two people into one"),
    "companies.participant_added": _("Added a person"),
    "companies.participant_changed": _("Changed a person"),
    "companies.restricted": _("Restricted a person's data"),
    "companies.restriction_lifted": _("Lifted the restriction of a person's data"),
    "companies.unmerged": _("Took two merged people apart"),
    "kompetenslyft.erased": _("Erased people"),
    "kompetenslyft.erased_expired": _("Erased what had come to its last day"),
    "kompetenslyft.loaded_programme": _("Loaded a programme"),
    "kompetenslyft.replayed_erasures": _("Erased people again after a restore"),
    "trainings.attendance_recorded": _("Recorded attendance"),
    "trainings.cancelled": _("Cancelled an occasion"),
    "trainings.completed": _("Completed an occasion"),
    "trainings.declined": _("Declined a nomination"),
    "trainings.nominated": _("Nominated people"),
    "trainings.ongoing": _("Started an occasion"),
    "trainings.open": _("Opened an occasion for nominations"),
    "trainings.seats_given": _("Gave seats"),
    "trainings.withdrawn": _("Took a person off an occasion"),
}

RIGHTS = {
    "accounts.changed_roles": _("Changed the roles of a user"),
    "accounts.identity_connected": _("Connected an identity to the account"),
    "accounts.identity_disconnected": _("Disconnected an identity from the account"),
    "accounts.identity_refused": _("Refused an identity: another one is connected"),
    "accounts.invitation_accepted": _("Accepted an invitation"),
    "accounts.invitation_resent": _("Sent an invitation again"),
    "accounts.invitation_revoked": _("Revoked an invitation"),
    "accounts.invited": _("Invited somebody"),
    "accounts.listed_rights": _("Listed who has which right"),
    "accounts.made_leader": _("Made the first project leader"),
    "accounts.password_changed": _("Changed the own password"),
    "accounts.password_reset": _("Reset a forgotten password"),
    "accounts.password_set": _("Set a user's password"),
    "accounts.recovery_codes_renewed": _("Made new recovery codes"),
    "accounts.role_ended": _("Ended a role"),
    "accounts.role_given": _("Gave a role"),
    "accounts.saved_user": _("Saved a user"),
    "accounts.second_factor_added": _("Added a second factor"),
    "accounts.second_factor_removed": _("Removed a second factor"),
    "accounts.second_factors_removed": _("Removed a user's second factors"),
    "accounts.sessions_ended": _("Ended sessions"),
    "accounts.sign_in_failed": _("Failed to sign in"),
    "accounts.signed_in": _("Signed in"),
    "accounts.signed_out": _("Signed out"),
    "companies.changed_memberships": _("Changed who is HR of a company"),
    "companies.deleted_membership": _("Deleted who was HR of a company"),
    "companies.membership_ended": _("Ended who is HR of a company"),
    "companies.membership_started": _("Made somebody HR of a company"),
    "trainings.changed_staff": _("Changed a supplier's staff"),
    "trainings.deleted_staff": _("Deleted somebody of a supplier's staff"),
    "trainings.staff_ended": _("Ended somebody's work for a supplier"),
    "trainings.staff_started": _("Made somebody staff of a supplier"),
}

OPERATION = {
    "accounts.head_mailed": _("Mailed the head of the audit trail"),
    "accounts.letter_cancelled": _("Cancelled a letter"),
    "accounts.letter_tried_again": _("Sent a letter again"),
    "accounts.page_drafted": _("Saved a draft of a page that all may read"),
    "accounts.page_saved": _("Saved a page that all may read"),
    "accounts.trail_forgot_people": _("Took erased people out of the audit trail"),
    "accounts.trail_read": _("Read the audit trail"),
    "accounts.trail_verified": _("Verified the audit trail"),
    "companies.person_keys_begun": _("Began new keys to find people by"),
    "companies.person_keys_given_up": _("Gave up new keys to find people by"),
    "companies.person_keys_swapped": _("Took new keys to find people by into use"),
    "kompetenslyft.rotated_number_keys": _("Sealed personal numbers under a new key"),
    "reporting.asked_for_workbook": _("Asked for a workbook"),
    "reporting.created_period": _("Made a reporting period"),
    "reporting.downloaded": _("Downloaded a workbook"),
    "reporting.made_workbook": _("Made a workbook"),
    "reporting.read_figures": _("Read the figures of a period"),
    "reporting.released": _("Released a workbook to the funder"),
    "reporting.wrote_workbook": _("Wrote a workbook by a command"),
}

GROUPS = {
    _("Reading about people"): READING,
    _("Changes"): CHANGES,
    _("Signing in and rights"): RIGHTS,
    _("Reports and operation"): OPERATION,
}
ACTIONS = READING | CHANGES | RIGHTS | OPERATION

# They show everybody, and so name nobody.
ABOUT_EVERYBODY = {"kompetenslyft.dumped_programme"}


def sentence_of(action: str) -> str:
    """Return what an action is called, in the active language."""
    return str(ACTIONS.get(action, action))
