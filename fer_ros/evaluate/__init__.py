"""Figures of a model on a dataset: accuracy, macro-F1, calibration, coverage."""
