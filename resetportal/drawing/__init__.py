"""Geometry of what the pages draw: plain facts in, positions out, templates write the SVG."""
