"""Refusals that a user can read."""


class DomainError(Exception):
    """A rule said no. The message is a sentence for the person who asked."""
