"""The learning platform's feed: what students did, event by event."""
