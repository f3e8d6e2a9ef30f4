"""The monthly file for Statistics Sweden: its calendar, columns, people and rules.

Nothing here reads the database but `columns`, which asks for the map in force.
"""
