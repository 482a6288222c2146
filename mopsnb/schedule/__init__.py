"""Schedules: which report runs when, what is due now, and what calls it.

A schedule stands in the workspace's ``schedule.yml``. Nothing here reads the clock by itself:
every function is told what time it is.
"""
