"""One line to a charging station: sockets, WebSocket, OCPP-J frames, admission, all of it told to the trace."""
