"""Normalization: experiments."""
