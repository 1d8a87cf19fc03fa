"""Test purposes and rules: read, checked, locked and proven."""
