"""Ratios side by side, each benchmark a command of its own. None of them is part of the portal."""
