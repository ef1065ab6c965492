"""The only code that joins the web, the pure modules and the store."""
