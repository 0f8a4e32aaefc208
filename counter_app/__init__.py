"""Counter App: the one-stop desk of a commune (bộ phận một cửa)."""
