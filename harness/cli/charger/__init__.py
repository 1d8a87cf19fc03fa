"""Commands about the charger itself, outside a campaign."""
