"""Steps from one schema to the next; they are part of the package, so a wheel has them."""
