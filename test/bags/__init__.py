"""Tests of fer_ros.bags."""
