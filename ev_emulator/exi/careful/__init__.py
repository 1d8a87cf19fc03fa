"""The careful way: event by event, for whatever comes and whatever is asked for."""
