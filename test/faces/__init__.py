"""Tests of fer_ros.faces."""
