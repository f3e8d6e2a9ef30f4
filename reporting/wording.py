"""Figures in words, for the portal's pages.

The workbook's words are constants of their own (`reporting.exports.titles`): they
are the funder's contract, in Swedish, and must not wait for a catalogue. A test
holds the two to the same words.
"""

from __future__ import annotations

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reporting.enums import Verdict
from reporting.figures import Representation
from reporting.parity import Parity
from reporting.rounding import TINY

MINUS = "\N{MINUS SIGN}"


def verdict_in_words(figures: Representation) -> str:
    """Return one sentence: what the figures prove of this group."""
    sentences = {
        Verdict.NO_BASELINE: _("There is no workforce baseline to compare with."),
        Verdict.NONE_TRAINED: _("Nobody has taken part, so there is nothing to tell."),
        Verdict.BASELINE_TOO_SMALL: _(
            "The workforce baseline is too small: it cannot hold those who took part."
        ),
        Verdict.ONE_GENDER: _("The workforce is of one gender."),
        Verdict.MIRRORS: _("Training mirrors the workforce."),
        Verdict.SKEWED: _("Training does not mirror the workforce: the skew is sure."),
        Verdict.LEANS: _(
            "There are signs that training does not mirror the workforce."
        ),
        Verdict.TOO_FEW: _("Too few have taken part to tell."),
        Verdict.INCONCLUSIVE: _(
            "The figures neither show that training mirrors the workforce nor rule it "
            "out."
        ),
    }
    return sentences[figures.parity.verdict]


def meaning_in_words(verdict: Verdict) -> str:
    """Return what a verdict means, and what it does not."""
    return str(_MEANINGS[verdict])


_MEANINGS = {
    Verdict.NO_BASELINE: gettext_lazy(
        "Without the company's headcount nothing can be compared. It says nothing "
        "about who was picked."
    ),
    Verdict.NONE_TRAINED: gettext_lazy(
        "Nobody whose gender is known took part. It says nothing about why."
    ),
    Verdict.BASELINE_TOO_SMALL: gettext_lazy(
        "More took part than the headcount holds, so it is wrong or out of date. "
        "It says nothing about who was picked."
    ),
    Verdict.ONE_GENDER: gettext_lazy(
        "The training could not have been anything else. It is neither praise nor "
        "blame."
    ),
    Verdict.MIRRORS: gettext_lazy(
        "An outcome like this would be surprising, had the workforce been further "
        "from it than the margin. It does not mean that the shares are the same: "
        "see the gap."
    ),
    Verdict.SKEWED: gettext_lazy(
        "Picked without regard to gender, so uneven an outcome comes less often "
        "than once in a hundred times. It does not tell how large the skew is, why "
        "it is there, or that anybody has done wrong: see the gap."
    ),
    Verdict.LEANS: gettext_lazy(
        "Picked without regard to gender, so uneven an outcome comes less often "
        "than once in twenty times. It is a reason to look closer, and no proof."
    ),
    Verdict.TOO_FEW: gettext_lazy(
        "Not even the most uneven outcome would have been a sign of anything. It "
        "does not mean that the training is even."
    ),
    Verdict.INCONCLUSIVE: gettext_lazy(
        "The outcome is what an even pick may give, and what one that is a little "
        "uneven may give. It does not mean that training mirrors the workforce."
    ),
}


def band_in_words(figures: Representation) -> str:
    """Return how many women are within chance, or nothing where nobody can tell."""
    band, trained = figures.parity.band, figures.persons.known
    if band is None:
        return ""
    return ngettext(
        "With %(trained)d participant, %(fewest)d to %(most)d women are within chance.",
        "With %(trained)d participants, %(fewest)d to %(most)d women are within "
        "chance.",
        trained,
    ) % {"trained": trained, "fewest": band[0], "most": band[1]}


def to_mirror_in_words(parity: Parity) -> str:
    """Return how many women more or fewer would have mirrored the workforce."""
    missing = parity.to_mirror
    if missing is None:
        return ""
    if missing == 0:
        return _("No other number of women would have mirrored it better.")
    if missing > 0:
        sentence = ngettext(
            "%(count)d more woman would have mirrored the workforce.",
            "%(count)d more women would have mirrored the workforce.",
            missing,
        )
    else:
        sentence = ngettext(
            "%(count)d woman fewer would have mirrored the workforce.",
            "%(count)d women fewer would have mirrored the workforce.",
            -missing,
        )
    return sentence % {"count": abs(missing)}


def percent(share: Decimal | None) -> str:
    """Return a share of four decimals as percent with two; nothing for none."""
    if share is None:
        return ""
    return _("%(number)s%%") % {"number": number_format(share * 100, decimal_pos=2)}


def points(gap: Decimal | None) -> str:
    """Return percentage points with their sign."""
    if gap is None:
        return ""
    sign = "+" if gap > 0 else MINUS if gap < 0 else ""
    return sign + number_format(abs(gap), decimal_pos=1)


def signed(number: int | None) -> str:
    """Return a whole number with its sign; nothing for none."""
    if number is None:
        return ""
    sign = "+" if number > 0 else MINUS if number < 0 else ""
    return sign + number_format(abs(number), force_grouping=True)


def probability(exact: float | None, shown: Decimal | None) -> str:
    """Return four decimals, or that it is less than they can show."""
    if exact is None or shown is None:
        return ""
    if exact < TINY:
        return "< " + number_format(Decimal("0.0001"), decimal_pos=4)
    return number_format(shown, decimal_pos=4)


def hours(amount: Decimal) -> str:
    return number_format(amount, decimal_pos=2, force_grouping=True)
