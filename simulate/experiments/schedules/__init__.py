"""Schedules of the learning rate: experiments."""
