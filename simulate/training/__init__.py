"""What trains: the loop, its fast paths, races, losses and devices."""
