"""Cases of OCPP, a folder for each block and a file for each use case."""
