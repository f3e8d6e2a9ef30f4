"""Whether those trained mirror the workforce: exact statistics over strata.

The number of women among those trained, drawn without regard to gender, is a sum
of independent hypergeometric numbers, one for each stratum: the exact reference
distribution of Mantel and Haenszel. Sizes are exact integers and fractions; only
probabilities are floats, right to some twelve figures.
"""

from reporting.parity.chances import Stratum, below
from reporting.parity.judging import Parity, parity

__all__ = ["Parity", "Stratum", "below", "parity"]
