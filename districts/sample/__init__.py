"""Sample districts as files: rosters and activity that take the same way in as real ones."""
