"""The pages about resets, one module a concept."""
