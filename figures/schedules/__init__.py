"""Schedules of the learning rate: figures and tables."""
