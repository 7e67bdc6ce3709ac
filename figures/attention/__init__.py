"""Attention: figures."""
