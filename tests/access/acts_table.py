"""What each act leaves in the audit trail, by role, written by hand."""

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
    "trainings:kiosk-end": {
        "hr": "companies.kiosk_ended",
        "leader": "companies.kiosk_ended",
    },
    "privacy:erase": {"leader": "kompetenslyft.consequences_read"},  # Asked again.
    "privacy:restrict": {"leader": "kompetenslyft.consequences_read"},
    "privacy:access-copy": {"leader": "kompetenslyft.access_copy_made"},
    "privacy:own-copy": {
        "participant": "kompetenslyft.access_copy_made",
        "other_participant": "kompetenslyft.access_copy_made",
    },
    "own:request-withdraw": {"participant": "trainings.accommodation_withdrawn"},
    "trainings:accommodation-withdraw": {"hr": "trainings.accommodation_withdrawn"},
    "right-end": {
        "hr": "companies.membership_ended",
        "leader": "companies.membership_ended",
    },
    "reporting:target-remove": {"leader": "reporting.target_removed"},
    "reporting:aid-award-revoke": {"leader": "reporting.aid_award_revoked"},
    "reporting:aid-declaration-remove": {"leader": "reporting.aid_declaration_removed"},
    "invitation-revoke": {
        "hr": "accounts.invitation_revoked",
        "leader": "accounts.invitation_revoked",
    },
    "own:calendar-subscribe": {
        "participant": "companies.feed_made",
        "other_participant": "companies.feed_made",
    },
    "trainings:calendar-subscribe": dict.fromkeys(
        ("other_hr", "hr", "leader", "supplier", "other_supplier"),
        "companies.feed_made",
    ),
    "trainings:calendar-end": {"hr": "companies.feed_ended"},
    "trainings:withdraw": {  # Asked again.
        "hr": "trainings.roster_read",
        "leader": "trainings.roster_read",
    },
    "trainings:substitute": {"hr": "companies.listed", "leader": "companies.listed"},
    "trainings:occasion-step": {"leader": "trainings.ongoing"},
    "trainings:occasion-go": {"leader": "trainings.go_decided"},
    "trainings:need-withdraw": {
        "hr": "trainings.need_withdrawn",
        "leader": "trainings.need_withdrawn",
    },
    "trainings:need-unplan": {"leader": "trainings.need_unplanned"},
    "trainings:dispute": {  # Asked again.
        "leader": "trainings.dispute_read",
        "supplier": "trainings.dispute_read",
    },
    "trainings:correct-time": {
        "leader": "trainings.seat_read",
        "supplier": "trainings.seat_read",
    },
    "trainings:scan-remove": {
        "leader": "trainings.scan_removed",
        "supplier": "trainings.scan_removed",
    },
    "trainings:upload-discard": {
        "hr": "companies.list_discarded",
        "leader": "companies.list_discarded",
    },
    "reporting:export-new": {"leader": "reporting.asked_for_workbook"},
    "reporting:report-sample-release": {"leader": "reporting.sample_released"},
}

NAMED_BY_ACTS = {
    "trainings:scan-remove": "person",
    "trainings:dispute": "person",
    "trainings:correct-time": "person",
    "companies:not-a-duplicate": "person twin",
    "companies:merge-undo": "kept absorbed",
    "companies:link-send": "person",
    "companies:link-revoke": "person",
    "privacy:erase": "person",
    "privacy:restrict": "person",
    "privacy:access-copy": "person",
    "own:request-withdraw": "person",
    "trainings:accommodation-withdraw": "person",
    "trainings:withdraw": "person",
    "trainings:substitute": "person twin other former kept",
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
    "trainings.attendancecorrection",
    "trainings.dispute",
    "trainings.enrolment",
    "trainings.notice",
}
