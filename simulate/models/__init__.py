"""One file is one family of networks."""
