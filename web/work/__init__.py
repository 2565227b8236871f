"""My work: the lists of tasks, one task with its form, the same thing done with many, comments."""
