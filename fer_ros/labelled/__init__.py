"""Files in, files out: recordings with the apparent expression written into them, or beside them."""
