"""Tests of the operator PCO: script, terminal and phone page."""
