"""What all of the project's own tests share."""

from hypothesis import settings

settings.register_profile("chargeproof", deadline=None)  # a busy machine is slow, which is no fault of what is tested
settings.load_profile("chargeproof")
