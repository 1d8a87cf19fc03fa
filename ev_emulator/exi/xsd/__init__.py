"""Making grammars' tables from XSD files."""
