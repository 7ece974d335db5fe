"""The configuration file: its shape, its reading (mistakes with their lines), and the policy that it makes."""
