"""Normalization: figures."""
