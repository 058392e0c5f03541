"""The root of every error."""


class FaceMatchError(Exception):
    """Base class; catch this at the edge of the program, nowhere else."""
