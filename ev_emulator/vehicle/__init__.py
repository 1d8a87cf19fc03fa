"""What a car is: its battery, its wishes and limits, read from YAML."""
