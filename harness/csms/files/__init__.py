"""The file server for firmware and logs."""
