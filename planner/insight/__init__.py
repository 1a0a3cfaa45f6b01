"""Reading only: the desk. Imports every room below. Start with `views.desk`."""
