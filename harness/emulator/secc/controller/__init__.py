"""What the charger answers to a car: services, limits and present values."""
