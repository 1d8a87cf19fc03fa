"""Tests of the reports: what a procurer reads is what the evidence says, and no charger can write into it."""
