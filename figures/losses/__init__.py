"""Losses and their surfaces: figures."""
