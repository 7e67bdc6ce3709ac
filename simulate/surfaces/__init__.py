"""One file is one analytic surface to descend: its function, its box, its start, its minima."""
