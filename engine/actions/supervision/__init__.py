"""What whoever supervises looks at and does: lights, what comes, who carries what, how long things take.

Owns the definitions of the figures (docs/supervision.md). Every figure counts only what the person who
asks may see, in a number of statements that does not depend on how many cases there are.
"""
