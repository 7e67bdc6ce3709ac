"""Gradient descent and its variants: experiments."""
