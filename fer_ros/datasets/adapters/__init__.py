"""A module each for the datasets of expressions, as `catalogue.Adapter` says.

Each knows its dataset's published layout and file names, and nothing of networks.
"""
