"""The published JSON Schemas of a bundle's files; written by `python -m harness.evidence.schema`."""
