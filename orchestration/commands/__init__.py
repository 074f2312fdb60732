"""What people type: one module a group of commands."""
