"""The rule book: each rule by its two examples, and who is judged by it."""

import datetime as dt
from dataclasses import replace

import pytest

from reporting.statistics import rules
from reporting.statistics.people import Closed
from reporting.statistics.rules import RULES, findings

MARCH = dt.date(2026, 3, 1)
ANNA = rules.RULES[0].passing


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_holds_for_its_passing_example_alone(rule):
    assert (rule.holds(rule.passing), rule.holds(rule.failing)) == (True, False)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_failing_example_of_a_rule_breaks_no_other(rule):
    """So one fault is told once, in the words that are about it."""
    found = [finding.rule.code for finding in findings(MARCH, [rule.failing])]

    assert found == [rule.code]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_what_is_wrong_and_where_it_comes_from(rule):
    assert str(rule.text).endswith(".")
    assert str(rule.source)


def test_every_rule_has_a_name_of_its_own():
    codes = [rule.code for rule in RULES]

    assert len(set(codes)) == len(codes) == 21


def test_anna_breaks_no_rule():
    assert findings(MARCH, [ANNA]) == []


def test_who_has_no_row_is_judged_by_warnings_alone():
    wrong = replace(ANNA, number="1", closed=Closed.RESTRICTED)

    assert [one.rule.code for one in findings(MARCH, [wrong])] == ["restricted"]


def test_errors_come_before_warnings():
    people = [replace(ANNA, number=""), replace(ANNA, started_on=dt.date(2026, 4, 1))]

    found = [finding.rule.code for finding in findings(MARCH, people)]

    assert found == ["start-after-month", "number-missing"]


def test_a_rule_is_asked_of_the_months_that_it_is_valid_in(monkeypatch):
    rule = next(rule for rule in RULES if rule.code == "number-form")
    ended = replace(rule, valid_to=dt.date(2026, 2, 1))
    monkeypatch.setattr(rules, "RULES", [ended])

    in_february = findings(dt.date(2026, 2, 1), [rule.failing])
    in_march = findings(MARCH, [rule.failing])

    assert ([one.rule for one in in_february], in_march) == ([ended], [])
