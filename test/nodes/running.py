"""Options of `fer_ros run` for tests."""

# Small images, no models of others, and ages that a busy machine keeps.
FINDERS = ("--faces.finder", "haar", "--faces.reader", "none", "--cloud/receiver.finder", "haar")
AGES = ("--faces.max_age_s", 2.0, "--estimator.max_age_s", 2.0, "--mode.robot_max_age_s", 2.0)
SWITCH = ("--mode.offline_after_s", 1.5, "--mode.return_below_s", 1.5, "--mode.dwell_s", 0)
LIGHT = (*FINDERS, *AGES, *SWITCH)
BUILTIN = ("--camera.width", 320, "--camera.height", 240, "--camera.distance_m", 0.8, "--camera.rate_hz", 15)
