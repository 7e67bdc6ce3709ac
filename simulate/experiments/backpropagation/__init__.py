"""Backpropagation: experiments."""
