"""One file is one schedule: the course of the learning rate over a run."""
