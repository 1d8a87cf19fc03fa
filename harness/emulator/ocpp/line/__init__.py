"""The way to the backend: connection, frames, network profiles, and what waits to be told."""
