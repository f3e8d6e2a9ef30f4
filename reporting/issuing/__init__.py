"""What a report for the funder freezes, and how two of them are compared.

`content` makes figures text, `rows` keeps the rows behind them without names,
`comparing` tells what has changed since the report before.
"""
