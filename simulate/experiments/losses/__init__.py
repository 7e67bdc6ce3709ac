"""Losses: experiments."""
