"""What works on a machine and what helps where it does not; no network is used, no picture taken."""
