"""Every figure that the project claims, measured by one command: `make bench`."""
