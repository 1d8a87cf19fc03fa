"""What an outage, or a slow backend, leaves behind: the line kept up, and what is marked as offline."""
