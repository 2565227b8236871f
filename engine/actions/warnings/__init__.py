"""Early warning: departments' data taken in, matched to people, graded, and brought to a case.

A warning informs and helps to apply. Nothing here can give anybody aid.
"""
