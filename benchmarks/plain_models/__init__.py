"""The student data of the portal as plain Django models, to measure against."""
