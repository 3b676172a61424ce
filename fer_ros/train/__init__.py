"""Training of this repository's own models; the only package that imports torch."""
