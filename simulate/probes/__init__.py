"""One file is one probe: what to record of a step of training."""
