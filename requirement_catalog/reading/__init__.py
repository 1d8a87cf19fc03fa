"""YAML into checked structs, with the line of whatever does not fit."""
