"""The door of the backend: who may come in, and how much anybody may ask of it."""
