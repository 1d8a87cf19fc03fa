"""Rules of OCPP, a file for each use case."""
