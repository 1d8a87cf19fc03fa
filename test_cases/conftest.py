"""Loads the plugin for the acceptance cases, also from an installed wheel."""

pytest_plugins = ["harness.campaign.plugin"]
