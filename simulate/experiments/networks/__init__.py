"""Networks: experiments."""
