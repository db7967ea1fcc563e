"""The application and its edges."""
