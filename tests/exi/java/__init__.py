"""The EXI codec that the iso15118 package brings, in a Java process of our own: the other opinion in tests."""
