"""Words by area: each module has the same keys in ``EN`` and ``ZH``."""
