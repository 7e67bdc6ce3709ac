"""Attention: scenes."""
