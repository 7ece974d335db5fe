"""What people type, read once: the command's grammar, times and dates, values. Pure; the present moment is given."""
