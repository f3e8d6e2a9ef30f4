"""What the scheduler has workers do, and when.

All of it may come late or twice. A call that expires before a worker takes it is not
missed: the next one finds what it would have found.
"""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

MINUTE = 60
_SWEEPS = {
    "ring for uploads": "trainings.tasks.ring_for_imports",
    "ring for workbooks": "reporting.tasks.ring_for_exports",
    "ring for letters": "accounts.tasks.ring_for_letters",
    "ring for parcels": "trainings.tasks.ring_for_parcels",
    "ring for statistics": "reporting.tasks.ring_for_statistics",
    "ring for lists": "reporting.tasks.ring_for_lists",
    "ring for drafts of reports": "reporting.tasks.ring_for_drafts",
}
_EVERY = {
    "offer free seats": ("trainings.tasks.offer_free_seats", 2 * MINUTE),
    "tell participants the news": ("trainings.tasks.tell_news", MINUTE),
    "seal the audit trail": ("accounts.tasks.seal_trail", MINUTE),
    "seal what was certified": ("trainings.tasks.seal_certifications", MINUTE),
}
_HOURLY = {
    "follow up requests for adaptations": ("trainings.tasks.follow_up_requests", 7),
    "open evaluations": ("trainings.tasks.open_evaluations", 40),
}
_AT = {
    "make the lists that come by themselves": (
        "reporting.tasks.send_due_lists",
        crontab(minute=25, hour="6-18"),
    ),
    # Often, for a machine that sleeps at night, too; what is told is told once.
    "remind participants": (
        "trainings.tasks.remind",
        crontab(minute=15, hour="7-20"),
    ),
    "erase what has expired": (
        "kompetenslyft.tasks.erase_expired",
        crontab(hour=3, minute=20),
    ),
    "count what was reached of targets": (
        "reporting.tasks.count_targets",
        crontab(hour=5, minute=10),
    ),
    "check the months of statistics": (
        "reporting.tasks.check_statistics",
        crontab(hour=5, minute=30),
    ),
    "verify the audit trail": (
        "accounts.tasks.verify_trail",
        crontab(hour=4, minute=10),
    ),
    "verify what was certified": (
        "trainings.tasks.verify_certifications",
        crontab(hour=4, minute=20),
    ),
    # Every day, but mailed once a month: on a machine that sleeps at night, too.
    "mail the head of the audit trail": (
        "accounts.tasks.mail_head",
        crontab(hour=8, minute=30),
    ),
}


def schedule(*, sweep_seconds: float) -> dict[str, dict[str, Any]]:
    """Return Celery's schedule; jobs and letters are swept every `sweep_seconds`."""
    every = {name: (task, sweep_seconds) for name, task in _SWEEPS.items()} | _EVERY
    entries: dict[str, dict[str, Any]] = {
        name: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
        for name, (task, seconds) in every.items()
    }
    for name, (task, minute) in _HOURLY.items():
        entries[name] = {
            "task": task,
            "schedule": crontab(minute=minute),
            "options": {"expires": 50 * MINUTE},
        }
    for name, (task, moment) in _AT.items():
        entries[name] = {"task": task, "schedule": moment}
    return entries
