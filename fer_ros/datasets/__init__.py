"""Readers of published datasets, from their own archives; nothing here is redistributed."""
