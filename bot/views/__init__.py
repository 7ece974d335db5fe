"""What people are shown, as plain frozen data without markup."""
