"""Initialization: figures."""
