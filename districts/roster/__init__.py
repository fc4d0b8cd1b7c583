"""Rosters: OneRoster files into records, and records into a district's shard as a difference."""
