"""What a project leader may do in the admin, by kind of row, written by hand.

`list` and `look` open pages; `add` and `change` save; nobody else opens anything.
"""

LOOK_ONLY = "list look"
KEPT = "list look add change"  # What figures rest on is never deleted.

ADMIN = {
    "accounts.auditentry": LOOK_ONLY,
    "accounts.invitation": LOOK_ONLY,
    "accounts.messagetemplate": "list look change",  # Every message has words.
    "accounts.outboxmessage": LOOK_ONLY,
    "accounts.user": KEPT,
    "companies.company": KEPT,
    "companies.membership": f"{KEPT} delete",
    "companies.participant": LOOK_ONLY,
    "companies.participantimport": LOOK_ONLY,
    "companies.programme": "list look change",  # There is one already.
    "companies.workforcesnapshot": KEPT,
    "networks.meeting": KEPT,
    "networks.meetingattendance": KEPT,
    "networks.network": KEPT,
    "networks.networkmember": KEPT,
    "reporting.deminimisrule": KEPT,
    "reporting.eligiblecost": KEPT,
    "reporting.reportexport": LOOK_ONLY,
    "reporting.reportingperiod": KEPT,
    "reporting.statisticscolumn": f"{KEPT} delete",
    "reporting.trainingaidrule": KEPT,
    "reporting.unitcost": KEPT,
    "trainings.accommodation": LOOK_ONLY,
    "trainings.attendance": LOOK_ONLY,
    "trainings.attendancecorrection": LOOK_ONLY,
    "trainings.course": KEPT,
    "trainings.dispute": LOOK_ONLY,
    "trainings.enrolment": LOOK_ONLY,
    "trainings.evaluationquestion": KEPT,
    "trainings.need": KEPT,
    "trainings.notice": LOOK_ONLY,
    "trainings.occasion": KEPT,
    "trainings.provider": KEPT,
}
ACTIONS = {
    "accounts.outboxmessage": {"try_again", "cancel"},
    "accounts.user": {"remove_second_factors"},
    "companies.membership": {"delete_selected"},
    "reporting.reportingperiod": {"make_workbook"},
    "reporting.statisticscolumn": {"delete_selected"},
    "trainings.evaluationquestion": {"withdraw"},
    "trainings.occasion": {"open", "start", "complete", "cancel"},
}
WITH_HISTORY = {
    "accounts.messagetemplate",
    "companies.company",
    "companies.participant",
    "companies.programme",
    "companies.workforcesnapshot",
    "networks.meeting",
    "networks.meetingattendance",
    "networks.networkmember",
    "reporting.deminimisrule",
    "reporting.eligiblecost",
    "reporting.statisticscolumn",
    "reporting.trainingaidrule",
    "reporting.unitcost",
    "trainings.accommodation",
    "trainings.attendance",
    "trainings.course",
    "trainings.enrolment",
    "trainings.need",
    "trainings.occasion",
}
