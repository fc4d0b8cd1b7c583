"""System checks, each with the cure as its hint."""
