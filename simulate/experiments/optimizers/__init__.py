"""Optimizers: experiments."""
