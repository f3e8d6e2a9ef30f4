"""Uploaded lists of people: rows in, values and problems out; nothing is saved."""
