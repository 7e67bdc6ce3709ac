"""Optimizers: scenes."""
