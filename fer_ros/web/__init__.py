"""The live page: what the graph sees and does, for one who has its address."""
