"""Gradient descent and its variants: figures."""
