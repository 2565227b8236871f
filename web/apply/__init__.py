"""The pages of applicants, phone first and without an account: apply, and track what was applied for."""
