"""Forms on the programme, by what they are about."""
