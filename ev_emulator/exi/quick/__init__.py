"""The quick way: Python made for each type, for messages in which nothing is unusual; all else goes the careful way."""
