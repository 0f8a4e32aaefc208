"""Lists: bytes of CSV and workbooks to rows and back."""
