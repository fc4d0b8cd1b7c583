"""The wiring of Reset Portal: settings, addresses, the clock, the servers, the people."""
