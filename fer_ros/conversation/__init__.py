"""From a stream of estimates to cues that a dialogue can act on."""
