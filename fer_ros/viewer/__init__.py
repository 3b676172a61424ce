"""What people look at: the recognised expression, drawn over each face (AEGIS, Maclean's thesis)."""
