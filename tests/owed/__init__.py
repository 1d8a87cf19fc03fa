"""What is owed to a charger: written down before, put back by whoever comes next."""
