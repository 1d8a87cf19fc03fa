"""Inputs by the million, each made from a seed and a number, for the backend's socket and for every kind of file."""
