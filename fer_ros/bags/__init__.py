"""Recordings of this package's own topics: written, and read again, without ROS."""
