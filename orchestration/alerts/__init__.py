"""What rings when something goes wrong, and where: each thing once, and never a value of a row."""
