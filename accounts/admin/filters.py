"""Filters of the admin that say in words what codes stand for."""

from django.contrib import admin


class WordsFilter(admin.AllValuesFieldListFilter):
    """Every value that there is, as people read it, in the order of the alphabet.

    A filter of its own says `in_words` what a value is called.
    """

    def choices(self, changelist):
        everything, *others = super().choices(changelist)
        told = [choice | {"display": self._told(choice)} for choice in others]
        return [everything, *sorted(told, key=lambda choice: str(choice["display"]))]

    def _told(self, choice):
        return self.in_words(choice["display"])
