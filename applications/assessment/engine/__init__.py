"""Pure parts of the assessment: points to totals, and who reads what. No database."""
