"""The pages of early warning: the list, and departments' tables taken in."""
