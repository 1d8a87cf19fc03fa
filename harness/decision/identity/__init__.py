"""Who was tested, with which firmware, and whether that is who the plan was made for."""
