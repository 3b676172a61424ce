"""ROS 4 HRI (REP-155): its words, numbers and tables, without its messages; docs/ros4hri.md tells them."""
