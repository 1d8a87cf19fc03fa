"""Loads the plugin, so that acceptance cases and the project's own tests share markers and fixtures."""

pytest_plugins = ["harness.campaign.plugin"]
