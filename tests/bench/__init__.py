"""Tests of the bench PCO: lines, feeds, drivers and people."""
