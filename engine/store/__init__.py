"""Everything that lasts: tables, queries and transactions. Decides nothing."""
