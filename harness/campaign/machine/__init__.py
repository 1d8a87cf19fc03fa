"""The machine that a campaign runs on: its event loop, its pace, and the room on its disk."""
