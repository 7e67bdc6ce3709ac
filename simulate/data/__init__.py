"""One file is one dataset; `choice` says which handwritten digits ``mnist`` stands for."""
