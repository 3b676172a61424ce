"""Tests of fer_ros.sources."""
