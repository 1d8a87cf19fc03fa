"""The acceptance suite: one file per requirement family, collected by pytest inside a campaign."""
