"""Optimizers: figures."""
