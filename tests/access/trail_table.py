"""What each page and act leaves in the audit trail, by role, written by hand.

A page that shows people, exports, downloads or changes rights and stops leaving its
trace fails the suite; so does a new page that stands in neither table.
"""

LOOKED = {
    "rights": dict.fromkeys(("hr", "other_hr", "leader"), "accounts.listed_rights"),
    "trail:entries": {"leader": "accounts.trail_read"},
    "privacy:person": {"leader": "kompetenslyft.consequences_read"},
    "companies:participants": {"hr": "companies.listed", "leader": "companies.listed"},
    "companies:participant": {"hr": "companies.read", "leader": "companies.read"},
    "companies:participant-change": {
        "hr": "companies.read",
        "leader": "companies.read",
    },
    "companies:duplicates": {
        "hr": "companies.listed_duplicates",
        "leader": "companies.listed_duplicates",
    },
    "companies:merge": {"hr": "companies.compared", "leader": "companies.compared"},
    "companies:corrections": {
        "hr": "companies.corrections_listed",
        "leader": "companies.corrections_listed",
    },
    "companies:correction": {
        "hr": "companies.correction_read",
        "leader": "companies.correction_read",
    },
    "trainings:occasion": {
        "hr": "trainings.roster_read",
        "leader": "trainings.roster_read",
        "supplier": "trainings.roster_read",
    },
    "trainings:seat": {
        "hr": "trainings.seat_read",
        "leader": "trainings.seat_read",
        "supplier": "trainings.seat_read",
    },
    "trainings:nominate": {"hr": "companies.listed", "leader": "companies.listed"},
    "trainings:withdraw": {
        "hr": "trainings.roster_read",
        "leader": "trainings.roster_read",
    },
    "trainings:attendance": {
        "leader": "trainings.roster_read",
        "supplier": "trainings.roster_read",
    },
    "trainings:upload": {
        "hr": "companies.list_read",
        "leader": "companies.list_read",
    },
    "trainings:upload-row": {
        "hr": "companies.list_row_read",
        "leader": "companies.list_row_read",
    },
    "trainings:upload-errors": {
        "hr": "companies.list_errors_fetched",
        "leader": "companies.list_errors_fetched",
    },
    "reporting:period": {"leader": "reporting.read_figures"},
    "reporting:export-download": {
        "leader": "reporting.downloaded",
        "funder": "reporting.downloaded",
    },
}
# Whom the trace names, so that they find it under "who has looked": people of the world
# in tests/access/world.py. What is not here is about nobody.
NAMED = {
    "privacy:person": "person",
    "companies:participants": "person twin other former kept",
    "companies:participant": "person",
    "companies:participant-change": "person",
    "companies:duplicates": "kept absorbed",
    "companies:merge": "person twin",
    "companies:corrections": "person",
    "companies:correction": "person",
    "trainings:occasion": "person",
    "trainings:seat": "person",
    "trainings:nominate": "person twin other former kept",
    "trainings:withdraw": "person",
    "trainings:attendance": "person",
    "trainings:upload": "person",
    "trainings:upload-row": "person",
    "trainings:upload-errors": "person",
}
# They show no row of another person, or only what all may see; on the pages under
# `own:` a participant looks at the own row.
SHOWS_NOBODY = {
    "home",
    "health",
    "pages:accessibility",
    "pages:privacy",
    "pages:cookies",
    "pages:edit",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "second-factor",
    "mfa_index",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_login_webauthn",
    "usersessions_list",
    "socialaccount_connections",
    "socialaccount_login_cancelled",
    "openid_connect_login",
    "openid_connect_callback",
    "invite",
    "right-end",
    "invitation",
    "own:page",
    "own:data",
    "own:readers",
    "own:about",
    "own:correction-new",
    "own:correction",
    "own:open",
    "companies:participant-new",
    "workforce",
    "trainings:occasions",
    "trainings:occasion-step",
    "trainings:uploads",
    "trainings:upload-new",
    "trainings:upload-template",
    "trainings:upload-status",
    "reporting:periods",
    "reporting:export",
    "reporting:export-status",
    "reporting:export-release",
}

# What an empty form does already.
DONE = {
    "companies:not-a-duplicate": {
        "hr": "companies.judged_not_duplicate",
        "leader": "companies.judged_not_duplicate",
    },
    "companies:merge-undo": {
        "hr": "companies.unmerged",
        "leader": "companies.unmerged",
    },
    "companies:link-send": {  # The person has no address.
        "hr": "companies.link_sending_refused",
        "leader": "companies.link_sending_refused",
    },
    "companies:link-revoke": {
        "hr": "companies.link_revoked",
        "leader": "companies.link_revoked",
    },
    "privacy:erase": {"leader": "kompetenslyft.consequences_read"},  # Asked again.
    "privacy:restrict": {"leader": "kompetenslyft.consequences_read"},
    "privacy:access-copy": {"leader": "kompetenslyft.access_copy_made"},
    "privacy:own-copy": {
        "participant": "kompetenslyft.access_copy_made",
        "other_participant": "kompetenslyft.access_copy_made",
    },
    "right-end": {
        "hr": "companies.membership_ended",
        "leader": "companies.membership_ended",
    },
    "invitation-revoke": {
        "hr": "accounts.invitation_revoked",
        "leader": "accounts.invitation_revoked",
    },
    "trainings:withdraw": {
        "hr": "trainings.withdrawn",
        "leader": "trainings.withdrawn",
    },
    "trainings:occasion-step": {"leader": "trainings.cancelled"},
    "trainings:upload-discard": {
        "hr": "companies.list_discarded",
        "leader": "companies.list_discarded",
    },
    "reporting:export-new": {"leader": "reporting.asked_for_workbook"},
}

NAMED_BY_ACTS = {
    "companies:not-a-duplicate": "person twin",
    "companies:merge-undo": "kept absorbed",
    "companies:link-send": "person",
    "companies:link-revoke": "person",
    "privacy:erase": "person",
    "privacy:restrict": "person",
    "privacy:access-copy": "person",
    "trainings:withdraw": "person",
}

# Kinds of rows of the admin that are about people or users.
ABOUT_PEOPLE = {
    "accounts.auditentry",
    "accounts.invitation",
    "accounts.outboxmessage",
    "accounts.user",
    "companies.membership",
    "companies.participant",
    "companies.participantimport",
    "networks.meetingattendance",
    "networks.networkmember",
    "trainings.accommodation",
    "trainings.attendance",
    "trainings.enrolment",
}
