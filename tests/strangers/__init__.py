"""Stations that others wrote: what their logs show, and that it is judged as it was read by hand."""
