"""How well the tests of the rules would notice a broken rule: `make mutation`."""
