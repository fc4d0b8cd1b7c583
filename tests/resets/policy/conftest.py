"""How hypothesis looks for counter-examples while mutmut breaks the rules: a plain yes or no is enough."""

from hypothesis import Phase, settings

settings.register_profile(
    "mutation", phases=[Phase.generate], max_examples=40, derandomize=True, database=None, deadline=None
)
