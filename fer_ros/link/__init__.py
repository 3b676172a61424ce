"""What the robot sends to the cloud, and the emulated network between the two."""
