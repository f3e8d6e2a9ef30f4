"""What the programme owes the people in it: erasure, restriction, a copy."""
